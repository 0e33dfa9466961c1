/// The page at `/`: how every process and number stands, refreshed by itself.
enum StatusPage {
    static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'"

    /// The page before somebody is let in.
    ///
    /// - Parameters:
    ///   - isFirst: whether the host has no users yet, so that the admin key opens.
    ///   - trouble: what was wrong; nothing where nobody has tried.
    static func door(isFirst: Bool, trouble: String = "") -> String {
        let told = trouble.isEmpty ? "" : "<p class=\"bad\">\(trouble.html)</p>"
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Linda</title>
            <style>\(style)</style><main><h1>Linda</h1><form method="post" action="/">\(isFirst ? first : login)</form>
            \(told)\(isFirst ? hint : "")</main></html>
            """
    }

    private static let login = """
        <label>E-mail <input name="email" type="email" autocomplete="username" autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="current-password"></label><button>Log in</button>
        """

    private static let first = """
        <label>Admin key <input name="key" type="password" autocomplete="off" autofocus></label><button>Open</button>
        <p>To make the first owner as well, who logs in from then on:</p>
        <label>E-mail <input name="email" type="email" autocomplete="username"></label>
        <label>Password <input name="password" type="password" autocomplete="new-password"></label>
        """

    private static let hint = "<p>The key is in the file <code>admin-key</code> of the credentials folder.</p>"

    static let html = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Linda</title>
        <style>\(style)</style><main><form method="post" action="/logout" class="out"><button>Log out</button></form><h1>Linda <small id="at"></small></h1>
        <section id="trouble" hidden><h2>Trouble</h2><table id="troubles"></table></section>
        <section><h2>Processes</h2><table id="processes"></table></section>
        <section><h2>Inbox</h2><table id="inbox"></table></section>
        <section><h2>Numbers</h2><table id="accounts"></table></section>
        <section><h2>Messages</h2><table id="messages"></table><table id="failures"></table></section>
        <section><h2>Conversations</h2><table id="conversations"></table></section>
        </main><script>\(script)</script></html>
        """

    private static let style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:0;background:#f6f7f8;color:#1c2227}
        main{max-width:900px;margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem}h1 small{font-size:.8rem;color:#68737d;font-weight:400}
        h2{font-size:1rem;margin:0 0 .5rem}section{background:#fff;border:1px solid #dfe3e6;border-radius:8px;padding:1rem;margin:1rem 0;overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}td,th{padding:.25rem .75rem .25rem 0;text-align:left}
        td:last-child,th:last-child{padding-right:0}td.n,td.ok{white-space:nowrap}
        th{font-weight:600;color:#68737d}td.n,th.n{text-align:right}.bad{color:#b3261e;font-weight:600}.ok{color:#1a7f37}
        .out{float:right}input,button{font:inherit;padding:.4rem .6rem;margin:.3rem}
        """

    private static let script = """
        const $=id=>document.getElementById(id);
        function row(cells,tag){const r=document.createElement('tr');for(const c of cells){const d=document.createElement(tag||'td');
        const v=c&&c.text!==undefined?c.text:c;d.textContent=v===null||v===undefined?'–':typeof v==='number'?v.toLocaleString():v;
        if(typeof v==='number')d.className='n';if(c&&c.mark)d.className=c.mark;r.append(d)}return r}
        function span(s){s=Math.round(s);return s<120?s+' s':s<7200?Math.round(s/60)+' min':s<172800?Math.round(s/3600)+' h':Math.round(s/86400)+' d'}
        function fill(id,head,rows){const t=$(id);t.replaceChildren();if(!rows.length){t.append(row(['nothing yet']));return}
        if(head){const h=row(head,'th');rows[0].forEach((v,i)=>{if(typeof v==='number')h.cells[i].className='n'});t.append(h)}
        for(const r of rows)t.append(row(r))}
        function pairs(id,o,names){fill(id,null,o?names.filter(([k])=>o[k]!==undefined).map(([k,n])=>[n||k,o[k]]):[])}
        async function load(){try{const s=await fetch('/status.json');if(s.status===401)return location.reload();return show(await s.json())}catch(e){$('at').textContent='no answer from the gateway'}}
        function show(s){
        const t=(s.troubles||[]).map(t=>[t.process,{text:t.detail,mark:'bad'}]);
        for(const i of s.accounts?s.accounts.items:[])if(i.trouble&&!t.some(r=>r[1].text.includes(i.trouble)))
        t.push([i.account.displayPhoneNumber,{text:i.trouble,mark:'bad'}]);
        $('trouble').hidden=!t.length;if(t.length)fill('troubles',['where','what'],t);
        const sick=new Set((s.troubles||[]).map(t=>t.process));
        fill('processes',['process','state','version','up'],Object.entries(s.processes).sort().map(([n,p])=>p?
        [n,sick.has(n)?{text:'unhealthy',mark:'bad'}:{text:'running',mark:'ok'},p.version,span(p.uptimeSeconds)]:[n,{text:'no answer',mark:'bad'},null,null]));
        pairs('inbox',s.inbox,[['payloads','deliveries'],['events'],['duplicates','repeated by Meta'],['pending'],['done'],
        ['dead','dead letters'],['refused','refused for their signature']]);
        const mark=(v,good)=>({text:v,mark:good.includes(v)?'ok':['unknown','recovering','cautious'].includes(v)?'':'bad'});
        fill('accounts',['number','name','role','enabled','quality','health','queued','sending'],(s.accounts?s.accounts.items:[]).map(i=>
        [i.account.displayPhoneNumber,i.account.displayName,i.account.role,i.account.enabled?'yes':'no',mark(i.account.quality,['green']),
        mark(i.account.link==='registered'?i.account.health:i.account.link,['ready']),i.queued,i.sending]));
        pairs('messages',s.messages?s.messages.states:null,['queued','sending','unknown','held','accepted','sent','delivered','read','played','failed']
        .map(k=>[k]));
        $('failures').replaceChildren();if(s.messages&&s.messages.failures.length)
        fill('failures',['failed because','count'],s.messages.failures.map(f=>[(f.code?f.code+': ':'')+f.reason,f.count]));
        pairs('conversations',s.conversations,[['conversations'],['inbound','from customers'],['outbound','answers'],['pendingActions','answers waiting'],
        ['deadActions','answers given up'],['orders']]);
        $('at').textContent=new Date().toLocaleTimeString()}
        load();setInterval(load,2000);
        """
}
