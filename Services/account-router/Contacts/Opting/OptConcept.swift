/// What a word has to do with stopping or starting messages; the languages are English, Hindi and Marathi in both scripts.
///
/// A sentence seen as concepts is alike in all of them: "stop sending me offers" and "ऑफर भेजना बंद करो" differ in order only.
enum OptConcept: UInt8, CaseIterable, Sendable {
    /// Ends something.
    case stop
    /// Asks for patience.
    case wait
    /// Leaves a list.
    case unsubscribe
    /// Takes away.
    case remove
    /// Direction of a taking.
    case off
    /// Ends an agreement, and many other things.
    case cancel
    /// Threatens with what ends messages.
    case block
    /// Words for what a business does with messages.
    case send
    /// Any getting in touch.
    case contact
    /// A message.
    case message
    /// Marketing.
    case promotion
    /// Where people are written down.
    case list
    /// How a person is reached.
    case number
    /// Not.
    case negation
    /// A wish.
    case want
    /// Words for the writer.
    case me
    /// The business.
    case you
    /// Points at something.
    case these
    /// Again, ever, from now on.
    case more
    /// Politeness.
    case please
    /// Hindi and Marathi for closed, with which one stops things.
    case closed
    /// Makes a verb of the word before it.
    case doing
    /// Begins something.
    case start
    /// Why somebody has had enough.
    case tired
    /// Words for what customers otherwise write about.
    case business
    /// Asks.
    case question
    /// Asks politely.
    case can
    /// Now, today, later.
    case time
    /// A wrong number.
    case wrong
    /// Words for what messages do.
    case arrive
    /// Lets go.
    case leave
    /// Strikes out.
    case cut
    /// How a person is listed.
    case name
    /// Consent itself.
    case permission
    /// Takes back.
    case back
    /// A register of those who want no calls.
    case doNotDisturb
    /// How often it was said.
    case times
    /// Words for those whom people turn to next.
    case law
    /// Said before.
    case tell
    /// Limits what is wanted.
    case only
    /// Does its work.
    case work
    /// Praise.
    case well
    /// Words for the person whose phone it is.
    case family
    /// Doubt.
    case perhaps

    /// The concept of a word, if it is one.
    static func of(_ word: String) -> OptConcept? { all[word] }

    /// By the word as `OptText` gives it.
    private static let all: [String: OptConcept] = {
        var all: [String: OptConcept] = [:]
        for (concept, words) in words {
            // Written as people read it; looked up as texts are evened out.
            for word in OptText.words(of: words) where all[word] == nil { all[word] = concept }
        }
        return all
    }()

    private static let words: [(OptConcept, String)] = [
        (
            .stop,
            """
            stop stops stopping stp stahp stopp stopall halt cease desist quit refrain avoid स्टॉप स्टोप thambva \
            thambwa thambava थांबवा थांबव थांबवावे थांबवावेत थांबवून थांबवाल roko rok rokiye rokdo rokna roke \
            rokein रोको रोक रोकें रोकिए रोकिये रोके रोकना रोका
            """
        ),
        (.wait, "wait थांबा थांब thamba thamb ruko ruk rukiye रुको रुक रुकिए hold"),
        (
            .unsubscribe,
            """
            unsubscribe unsubscribed unsubscribing unsub unsubs unsubcribe unsuscribe unsubsribe unsbscribe \
            desubscribe optout opt अनसब्सक्राइब अनसबस्क्राइब अनसबस्क्राईब अनसब्स्क्राइब अनसब्स्क्राईब अनसब
            """
        ),
        (
            .remove,
            """
            remove removed removing remov rmv rmove delete deleted del erase wipe exclude drop scrub purge \
            strike take takeout hata hatao hatado hataiye hatana hatva htao hta हटा हटाओ हटाएं हटाएँ हटाइए \
            हटाइये हटाये हटाए हटाना हटवा निकालो निकाल निकालिए nikalo nikal nikaldo nikaliye काढा काढून काढ kadha \
            kadhun kadhoon kada vagla वगळा वगळून वगळ डिलीट डिलिट मिटा मिटाओ mita
            """
        ),
        (.off, "off out"),
        (
            .cancel,
            """
            cancel canceled cancelled end ends discontinue deactivate disable withdraw revoke terminate switch \
            turn cancle रद्द radd कैंसिल कैंसल कॅन्सल
            """
        ),
        (
            .block,
            """
            block blocking blocked report reporting complain complaint trai dnd spam spammer spammers junk legal \
            court police harass harassing harassment ब्लॉक ब्लाक रिपोर्ट
            """
        ),
        (
            .send,
            """
            send sending sends snd sent sendin forward forwarding forwards push pushing bombard bombarding flood \
            flooding mail mailing bhejo bhejna bhej bheje bhejen bhejein bhejiye bhejiyega bhejte bhejta bhejti \
            bhejne bhejoge bhejoo bejo bejna bhjo bhejdo भेजो भेजना भेज भेजें भेजे भेजिए भेजिये भेजते भेजता \
            भेजती भेजने भेजिएगा भेजा पाठवू पाठवा पाठवणे पाठवणं पाठव पाठवता पाठवत पाठवले पाठवलेत पाठवून पाठवायचे \
            पाठवायचं पाठवतो pathvu pathva pathavu pathava pathav pathwu pathavne pathvne pathavta pathavat \
            pathvta pathvun pathau
            """
        ),
        (
            .contact,
            """
            contact contacting reach reaching bother bothering disturb disturbing pester pestering annoy \
            annoying ping pinging call calling write writing
            """
        ),
        (
            .message,
            """
            message messages msg msgs mssg mesage mesages messge messges massage massages mssgs sms smses text \
            texts txt txts texting txting messaging messagin notification notifications notifs notif update \
            updates alert alerts reminder reminders whatsapp wa watsapp whatsap chats communication \
            communications मैसेज मैसेजेस मेसेज मेसेजेस मेसेजस मैसेजेज संदेश सन्देश संदेशे मेसेजेज एसएमएस \
            व्हाट्सएप व्हाट्सऐप व्हॉट्सअॅप व्हाट्सअप नोटिफिकेशन नोटिफिकेशन्स sandesh sandes mesej messej masej
            """
        ),
        (
            .promotion,
            """
            promo promos promotion promotions promotional offer offers ad ads adverts advert advertisement \
            advertisements advertising marketing deal deals discount discounts newsletter newsletters newsletr \
            campaign campaigns coupons coupon scheme schemes sale sales broadcast broadcasts blast blasts \
            solicitation solicitations विज्ञापन विज्ञापनों ऑफर ऑफर्स ऑफ़र ऑफरें प्रचार प्रमोशन प्रमोशनल \
            मार्केटिंग जाहिरात जाहिराती जाहिरातींचे ऑफरचे स्कीम डील डील्स jahirat jahirati prachar vigyapan \
            vigyapn स्पैम स्पॅम एड ऐड
            """
        ),
        (
            .list,
            """
            list lists database db group groups subscription subscriptions contacts records system directory \
            लिस्ट सूची यादी यादीतून लिस्टमधून ग्रुप ग्रुपमधून समूह डेटाबेस yadi yaditun listmadhun suchi
            """
        ),
        (
            .number,
            """
            number numbers num nmbr mobile phone details data info information नंबर नम्बर नंबरवर मोबाइल मोबाईल \
            क्रमांक डाटा डेटा
            """
        ),
        (
            .negation,
            """
            dont don't not never no nope neither nor without nahi nahin nhi nai ni nahee nako naka nakoy nakot \
            mat mt math na नहीं नही ना मत नको नका नकोत नकोय नकोच नाही नाहीत न unwanted uninterested doesnt
            """
        ),
        (
            .want,
            """
            want wants wanted wanna wish need needs interested interest like require care chahiye chaiye chahie \
            chaahiye chahiyee chaie chiye chahta chahti chahte पाहिजे पाहिजेत हवे हवेत हवंय हवी हवा हव चाहिए \
            चाहिये चाहिएं चाहता चाहती चाहते इच्छा रुचि रस इंटरेस्ट इंटरेस्टेड दिलचस्पी ज़रूरत जरूरत गरज jarurat \
            zarurat zaroorat pahije pahijet havet garaj receive get getting recieve receiving
            """
        ),
        (
            .me,
            """
            me my mine us i im myself mujhe muje mje mujhko mujko mera mere meri hume hame humko maza maze majha \
            mala malaa majhe मुझे मुझको मेरा मेरे मेरी हमें हमे हमको मला माझा माझे माझी माझं माझ्या आम्हाला मैं \
            मी
            """
        ),
        (
            .you,
            """
            you your yours u ur ya yall guys aap apke aapke aapka aapki apka tum tumhare tumhara tumhi tumche \
            tumchya tumcha tumhala आप आपके आपका आपकी तुम तुम्हारे तुम्हारा तुम्ही तुमचे तुमच्या तुमच तुमचं आपले \
            आपल्या
            """
        ),
        (.these, "these this those such it that ye yeh is isse ये यह इस इन ऐसे असे हे हा ही असले"),
        (
            .more,
            """
            more anymore any further again ever all everything anything aage ab aur dobara phir fir punha parat \
            आगे अब और दोबारा दुबारा फिर पुढे यापुढे आता पुन्हा परत कधीही कभी kabhi kadhi kadhihi आइंदा aainda \
            ainda aaindaa bilkul बिल्कुल roj roz daily रोज रोज़
            """
        ),
        (.please, "please pls plz plss kindly pl thanks thank thankyou kripya krupaya कृपया कृपा प्लीज प्लीज़ धन्यवाद"),
        (.closed, "band bnd bandh bandd bund बंद बन्द बंदच"),
        (
            .doing,
            """
            karo kro kar kr krdo kardo kijiye kijie kare karen karein kara kra do de dijiye dijie dein karva \
            karwa karna करो करें करे कर कीजिए कीजिये करा करावे करावेत करना करवा दो दे दीजिए दीजिये दें द्या टाका \
            टाक dya taka kariye करिए करिये
            """
        ),
        (
            .start,
            """
            start starts restart resume begin reactivate unstop subscribe resubscribe optin shuru suru chalu \
            शुरू शुरु सुरू सुरु चालू चालु स्टार्ट रिज्यूम
            """
        ),
        (
            .tired,
            """
            tired fed sick enough annoyed irritating irritated irritates annoyance annoys nuisance spammed \
            pareshan paresan tang trass tras kantala vaitag vaitaglo pakka परेशान तंग त्रास कंटाळा कंटाळलो \
            कंटाळले वैताग वैतागलो दुखी disturbed leave alone अलोन
            """
        ),
        (
            .business,
            """
            order orders delivery deliver delivered parcel package courier payment pay paid refund money bill \
            invoice emi loan card account acc service services product products item items cart address otp code \
            app website site login password appointment booking ticket plan shop store machine fan video light \
            food cheese onion onions garlic sugar salt chilli mirchi size colour color bus train driver gate \
            door bell ऑर्डर डिलीवरी डिलिव्हरी पार्सल पेमेंट पैसे रिफंड बिल खाता खाते कार्ड दुकान दुकाने सर्विस \
            ओटीपी ऐप ॲप बुकिंग अपॉइंटमेंट पता पत्ता कांदा लसूण dukan dukaan paise khata auto renew renewal \
            membership policy insurance
            """
        ),
        (
            .question,
            """
            why how when what who where which whose kyu kyun kyon kaise kab kaun kya kasa kashala kuthe kon ka \
            क्यों कैसे कब कौन क्या का कशाला कसे कधी कुठे कोण
            """
        ),
        (.can, "can could would will should may"),
        (.time, "later tomorrow today now abhi aaj kal नंतर अभी आज कल उद्या आत्ता"),
        (.wrong, "wrong गलत चुकीचा galat chukicha stranger unknown"),
        (
            .arrive,
            """
            came aaya aaye aya ali ala aali aala आया आए आला आली आले मिला मिली मिळाला मिळाले mila milala received \
            got arrive arrived come coming aa आ येत yet आते आताहै aate aata aati
            """
        ),
        (
            .leave,
            """
            chhodo chodo chhod chod chhor छोड़ो छोडो छोड़ छोड छोड़ना छोड़िए सोडा सोड soda sodun peecha piccha \
            pichha पीछा पिच्छा
            """
        ),
        (.cut, "kat kaat kato kaato काट काटो काटिए काटना kami कमी cut cutting nikaal"),
        (.name, "name naam nav naav नाम नाव नांव"),
        (
            .permission,
            """
            permission consent authorise authorize authorized authorised agree agreed agreement allow allowed \
            sehmati sahmati anumati ijazat परमिशन सहमति अनुमति इजाजत इजाज़त संमती परवानगी parvangi paravangi \
            manjuri मंजूरी मंज़ूरी
            """
        ),
        (.back, "back wapas vapas vapis waapas वापस वापिस मागे मागं revoked withdrawn withdrawing magha"),
        (.doNotDisturb, "dnc donotdisturb डीएनडी ndnc preference"),
        (.times, "times third second baar bar बार वेळा वेळ तीनदा दोनदा twice"),
        (
            .law,
            """
            lawyer consumer forum sue cyber kanoon कानूनी कोर्ट पुलिस पोलिस उपभोक्ता ग्राहक ट्राई तक्रार शिकायत \
            shikayat takrar gdpr
            """
        ),
        (
            .tell,
            """
            told said say asked ask mana bola bolo kaha likha मना कहा बोला लिखा लिख सांगितलं सांगितले म्हटलं \
            सांगून
            """
        ),
        (.only, "only just sirf bas fakt except सिर्फ बस फक्त केवळ केवल"),
        (.work, "work working works khul open chal load"),
        (.well, "love liked good great nice lovely amazing pasand accha acha mast आवडतात आवडते पसंद अच्छे अच्छा छान"),
        (
            .family,
            """
            son daughter mother mom mummy father papa wife husband kid child bhai behen aai baba आई बाबा मम्मी \
            पापा बच्चे मुलगा मुलगी मुलीचा पत्नी
            """
        ),
        (.perhaps, "maybe perhaps"),
    ]
}
