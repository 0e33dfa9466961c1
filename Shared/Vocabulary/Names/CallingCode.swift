/// A country's calling code, with the country and the time zone that most of its people live in.
///
/// Source: ITU-T E.164 assigned country codes, tz database zone names. Where a country has several zones, the
/// zone of its largest population stands for it; a recipient's own zone, where it is known, goes before.
package struct CallingCode: Sendable, Equatable {
    package var code: String
    /// ISO 3166 code; of codes that are shared, the largest country's.
    package var country: String
    package var timeZone: String

    /// The code that a phone number in international digits begins with.
    package static func of(_ contact: ContactID) -> CallingCode? {
        if contact.isBSUID { return byCountry[String(contact.rawValue.prefix(2))] }
        for length in [4, 3, 2, 1] {
            if let found = byCode[String(contact.rawValue.prefix(length))] { return found }
        }
        return nil
    }

    /// Whether some country has this calling code.
    package static func isKnown(_ code: String) -> Bool { byCode[code] != nil }

    /// The country of a contact, or the word `unknown`.
    package static func country(of contact: ContactID) -> String { of(contact)?.country ?? "unknown" }

    private static let all: [CallingCode] = table.split(whereSeparator: \.isNewline).flatMap { line in
        line.split(separator: ";").map { entry in
            let parts = entry.split(separator: " ", maxSplits: 2)
            return CallingCode(code: String(parts[0]), country: String(parts[1]), timeZone: String(parts[2]).trimmed)
        }
    }

    private static let byCode = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    private static let byCountry = Dictionary(all.map { ($0.country, $0) }, uniquingKeysWith: { first, _ in first })

    private static let table = """
        1 US America/New_York;1204 CA America/Winnipeg;1226 CA America/Toronto;1236 CA America/Vancouver;1249 CA America/Toronto
        1250 CA America/Vancouver;1263 CA America/Toronto;1289 CA America/Toronto;1306 CA America/Regina;1343 CA America/Toronto
        1365 CA America/Toronto;1403 CA America/Edmonton;1416 CA America/Toronto;1418 CA America/Toronto;1431 CA America/Winnipeg
        1437 CA America/Toronto;1438 CA America/Toronto;1450 CA America/Toronto;1506 CA America/Moncton;1514 CA America/Toronto
        1519 CA America/Toronto;1548 CA America/Toronto;1579 CA America/Toronto;1581 CA America/Toronto;1587 CA America/Edmonton
        1604 CA America/Vancouver;1613 CA America/Toronto;1639 CA America/Regina;1647 CA America/Toronto;1672 CA America/Vancouver
        1705 CA America/Toronto;1709 CA America/St_Johns;1778 CA America/Vancouver;1780 CA America/Edmonton;1782 CA America/Halifax
        1807 CA America/Toronto;1819 CA America/Toronto;1825 CA America/Edmonton;1867 CA America/Yellowknife;1873 CA America/Toronto
        1902 CA America/Halifax;1905 CA America/Toronto;1242 BS America/Nassau;1246 BB America/Barbados;1264 AI America/Anguilla
        1268 AG America/Antigua;1284 VG America/Tortola;1340 VI America/St_Thomas;1345 KY America/Cayman;1441 BM Atlantic/Bermuda
        1473 GD America/Grenada;1649 TC America/Grand_Turk;1658 JM America/Jamaica;1664 MS America/Montserrat;1670 MP Pacific/Saipan
        1671 GU Pacific/Guam;1684 AS Pacific/Pago_Pago;1721 SX America/Lower_Princes;1758 LC America/St_Lucia;1767 DM America/Dominica
        1784 VC America/St_Vincent;1787 PR America/Puerto_Rico;1809 DO America/Santo_Domingo;1829 DO America/Santo_Domingo
        1849 DO America/Santo_Domingo;1868 TT America/Port_of_Spain;1869 KN America/St_Kitts;1876 JM America/Jamaica
        1939 PR America/Puerto_Rico;1213 US America/Los_Angeles;1310 US America/Los_Angeles;1312 US America/Chicago
        1408 US America/Los_Angeles;1415 US America/Los_Angeles;1503 US America/Los_Angeles;1512 US America/Chicago
        1602 US America/Phoenix;1206 US America/Los_Angeles;1214 US America/Chicago;1303 US America/Denver;1310 US America/Los_Angeles
        1619 US America/Los_Angeles;1702 US America/Los_Angeles;1713 US America/Chicago;1801 US America/Denver;1808 US Pacific/Honolulu
        1907 US America/Anchorage;1916 US America/Los_Angeles;1949 US America/Los_Angeles;1972 US America/Chicago
        20 EG Africa/Cairo;211 SS Africa/Juba;212 MA Africa/Casablanca;213 DZ Africa/Algiers;216 TN Africa/Tunis;218 LY Africa/Tripoli
        220 GM Africa/Banjul;221 SN Africa/Dakar;222 MR Africa/Nouakchott;223 ML Africa/Bamako;224 GN Africa/Conakry
        225 CI Africa/Abidjan;226 BF Africa/Ouagadougou;227 NE Africa/Niamey;228 TG Africa/Lome;229 BJ Africa/Porto-Novo
        230 MU Indian/Mauritius;231 LR Africa/Monrovia;232 SL Africa/Freetown;233 GH Africa/Accra;234 NG Africa/Lagos
        235 TD Africa/Ndjamena;236 CF Africa/Bangui;237 CM Africa/Douala;238 CV Atlantic/Cape_Verde;239 ST Africa/Sao_Tome
        240 GQ Africa/Malabo;241 GA Africa/Libreville;242 CG Africa/Brazzaville;243 CD Africa/Kinshasa;244 AO Africa/Luanda
        245 GW Africa/Bissau;246 IO Indian/Chagos;247 SH Atlantic/St_Helena;248 SC Indian/Mahe;249 SD Africa/Khartoum
        250 RW Africa/Kigali;251 ET Africa/Addis_Ababa;252 SO Africa/Mogadishu;253 DJ Africa/Djibouti;254 KE Africa/Nairobi
        255 TZ Africa/Dar_es_Salaam;256 UG Africa/Kampala;257 BI Africa/Bujumbura;258 MZ Africa/Maputo;260 ZM Africa/Lusaka
        261 MG Indian/Antananarivo;262 RE Indian/Reunion;263 ZW Africa/Harare;264 NA Africa/Windhoek;265 MW Africa/Blantyre
        266 LS Africa/Maseru;267 BW Africa/Gaborone;268 SZ Africa/Mbabane;269 KM Indian/Comoro;27 ZA Africa/Johannesburg
        290 SH Atlantic/St_Helena;291 ER Africa/Asmara;297 AW America/Aruba;298 FO Atlantic/Faroe;299 GL America/Nuuk
        30 GR Europe/Athens;31 NL Europe/Amsterdam;32 BE Europe/Brussels;33 FR Europe/Paris;34 ES Europe/Madrid;350 GI Europe/Gibraltar
        351 PT Europe/Lisbon;352 LU Europe/Luxembourg;353 IE Europe/Dublin;354 IS Atlantic/Reykjavik;355 AL Europe/Tirane
        356 MT Europe/Malta;357 CY Asia/Nicosia;358 FI Europe/Helsinki;359 BG Europe/Sofia;36 HU Europe/Budapest;370 LT Europe/Vilnius
        371 LV Europe/Riga;372 EE Europe/Tallinn;373 MD Europe/Chisinau;374 AM Asia/Yerevan;375 BY Europe/Minsk;376 AD Europe/Andorra
        377 MC Europe/Monaco;378 SM Europe/San_Marino;380 UA Europe/Kiev;381 RS Europe/Belgrade;382 ME Europe/Podgorica
        383 XK Europe/Belgrade;385 HR Europe/Zagreb;386 SI Europe/Ljubljana;387 BA Europe/Sarajevo;389 MK Europe/Skopje
        39 IT Europe/Rome;40 RO Europe/Bucharest;41 CH Europe/Zurich;420 CZ Europe/Prague;421 SK Europe/Bratislava;423 LI Europe/Vaduz
        43 AT Europe/Vienna;44 GB Europe/London;45 DK Europe/Copenhagen;46 SE Europe/Stockholm;47 NO Europe/Oslo;48 PL Europe/Warsaw
        49 DE Europe/Berlin;500 FK Atlantic/Stanley;501 BZ America/Belize;502 GT America/Guatemala;503 SV America/El_Salvador
        504 HN America/Tegucigalpa;505 NI America/Managua;506 CR America/Costa_Rica;507 PA America/Panama;508 PM America/Miquelon
        509 HT America/Port-au-Prince;51 PE America/Lima;52 MX America/Mexico_City;53 CU America/Havana;54 AR America/Argentina/Buenos_Aires
        55 BR America/Sao_Paulo;56 CL America/Santiago;57 CO America/Bogota;58 VE America/Caracas;590 GP America/Guadeloupe
        591 BO America/La_Paz;592 GY America/Guyana;593 EC America/Guayaquil;594 GF America/Cayenne;595 PY America/Asuncion
        596 MQ America/Martinique;597 SR America/Paramaribo;598 UY America/Montevideo;599 CW America/Curacao
        60 MY Asia/Kuala_Lumpur;61 AU Australia/Sydney;62 ID Asia/Jakarta;63 PH Asia/Manila;64 NZ Pacific/Auckland;65 SG Asia/Singapore
        66 TH Asia/Bangkok;670 TL Asia/Dili;672 NF Pacific/Norfolk;673 BN Asia/Brunei;674 NR Pacific/Nauru;675 PG Pacific/Port_Moresby
        676 TO Pacific/Tongatapu;677 SB Pacific/Guadalcanal;678 VU Pacific/Efate;679 FJ Pacific/Fiji;680 PW Pacific/Palau
        681 WF Pacific/Wallis;682 CK Pacific/Rarotonga;683 NU Pacific/Niue;685 WS Pacific/Apia;686 KI Pacific/Tarawa
        687 NC Pacific/Noumea;688 TV Pacific/Funafuti;689 PF Pacific/Tahiti;690 TK Pacific/Fakaofo;691 FM Pacific/Pohnpei
        692 MH Pacific/Majuro;7 RU Europe/Moscow;76 KZ Asia/Almaty;77 KZ Asia/Almaty;81 JP Asia/Tokyo;82 KR Asia/Seoul
        84 VN Asia/Ho_Chi_Minh;850 KP Asia/Pyongyang;852 HK Asia/Hong_Kong;853 MO Asia/Macau;855 KH Asia/Phnom_Penh
        856 LA Asia/Vientiane;86 CN Asia/Shanghai;880 BD Asia/Dhaka;886 TW Asia/Taipei;90 TR Europe/Istanbul;91 IN Asia/Kolkata
        92 PK Asia/Karachi;93 AF Asia/Kabul;94 LK Asia/Colombo;95 MM Asia/Yangon;960 MV Indian/Maldives;961 LB Asia/Beirut
        962 JO Asia/Amman;963 SY Asia/Damascus;964 IQ Asia/Baghdad;965 KW Asia/Kuwait;966 SA Asia/Riyadh;967 YE Asia/Aden
        968 OM Asia/Muscat;970 PS Asia/Hebron;971 AE Asia/Dubai;972 IL Asia/Jerusalem;973 BH Asia/Bahrain;974 QA Asia/Qatar
        975 BT Asia/Thimphu;976 MN Asia/Ulaanbaatar;977 NP Asia/Kathmandu;98 IR Asia/Tehran;992 TJ Asia/Dushanbe
        993 TM Asia/Ashgabat;994 AZ Asia/Baku;995 GE Asia/Tbilisi;996 KG Asia/Bishkek;998 UZ Asia/Tashkent
        """
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
