/** The one style sheet of every site (and of our applications): system fonts, no external resource, responsive, printable. */

const BASE = `:root{--green:#17463a;--deep:#123a30;--leaf:#2c6a55;--gold:#e3b04b;--amber:#8a5c10;--clay:#a5502b;--paper:#fbf8f0;--card:#fff;--ink:#1d2823;--soft:#55625b;--line:#e2dac7;--serif:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua","Noto Serif","DejaVu Serif",Georgia,serif;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif}
*,*::before,*::after{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:400 1.0625rem/1.6 var(--sans);overflow-wrap:break-word;display:flex;flex-direction:column;min-height:100vh}
main{flex:1}
main:focus{outline:0}
h1,h2,h3{font-family:var(--serif);line-height:1.2;font-weight:700;text-wrap:balance}
h1{font-size:clamp(1.9rem,1.3rem + 2.6vw,3.1rem);margin:.2em 0 .4em}
h2{font-size:1.5rem;margin:0 0 .8rem;color:var(--green)}
h3{font-size:1.12rem;margin:1.4rem 0 .4rem}
p{margin:0 0 .9rem;max-width:68ch}
a{color:#0f5a45;text-underline-offset:.18em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--clay);outline-offset:2px;border-radius:3px}
img{max-width:100%;height:auto}
address{font-style:normal}
.wide{width:100%;max-width:72rem;margin:0 auto;padding:0 1.25rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999rem;top:0;background:var(--gold);color:#000;padding:.7rem 1.1rem;z-index:9}
.skip:focus{left:0}
.note,.when,.updated{color:var(--soft);font-size:.94rem}
.blank{color:#756a52;font-style:italic}
`;

const FRAME = `header.site{background:var(--card);border-bottom:1px solid var(--line)}
.bar{display:flex;align-items:center;justify-content:space-between;gap:1rem;padding-top:.8rem;padding-bottom:.8rem}
.brand{display:flex;align-items:center;gap:.8rem;color:inherit;text-decoration:none;min-width:0}
.brand img{flex:none}
.brand span{min-width:0}
.brand strong{display:block;font:700 1.16rem/1.25 var(--serif);color:var(--green)}
.brand small{color:var(--soft);font-size:.88rem}
.lang{border:1px solid var(--line);border-radius:2rem;padding:.35rem .95rem;text-decoration:none;font-size:.94rem;white-space:nowrap}
.lang:hover{background:var(--paper)}
.menu{border-top:1px solid var(--line)}
.menu ul{display:flex;flex-wrap:wrap;list-style:none;margin:0 auto;gap:0 1.5rem}
.menu a{display:block;padding:.62rem 0;text-decoration:none;color:var(--ink);border-bottom:3px solid transparent}
.menu a:hover{border-color:var(--line)}
.menu a[aria-current]{border-color:var(--gold);color:var(--green);font-weight:600}
.banner{background:var(--green);color:#f6f1e2;padding:2.2rem 0 3.3rem;margin-bottom:2.4rem;position:relative}
.banner::after,.frieze{content:"";display:block;height:20px;background:var(--deep) url(/motif.svg) 0 0/48px 20px repeat-x}
.banner::after{position:absolute;left:0;right:0;bottom:0}
.banner a{color:#ffe3a3}
.banner .over,.banner .updated{color:#cfe0d3;margin-bottom:.3rem}
.banner .over{letter-spacing:.02em}
.banner .blank{color:#f0d9a4}
.banner .lead{font-size:1.2rem;max-width:50ch;color:#e6ecdf}
.banner .merged{background:var(--deep);border-left:4px solid var(--gold);padding:.7rem 1rem}
.banner.home{padding-top:1.5rem}
.hero{display:grid;grid-template-columns:minmax(0,1.15fr) minmax(0,1fr);gap:2rem;align-items:center}
.hero img{justify-self:end;display:block}
.hero .button{margin:0 .3rem .5rem 0}
footer.site{background:var(--green);color:#e6ecdf;margin-top:3.5rem}
footer.site .wide{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem 3rem;padding-top:1.6rem;padding-bottom:1.8rem}
footer.site p{margin:0}
footer.site a{color:#ffe3a3}
`;

const PARTS = `section{margin:0 0 2.4rem}
.button{display:inline-block;background:var(--gold);color:#21180a;border:2px solid var(--gold);border-radius:.45rem;padding:.55rem 1.15rem;font:600 1rem/1.4 var(--sans);text-decoration:none;cursor:pointer}
.button:hover{filter:brightness(1.06)}
.banner a.button{color:#21180a}
.banner a.button.quiet{background:transparent;color:#fff;border-color:#9fbfb0}
.columns{display:grid;grid-template-columns:minmax(0,1fr) 19rem;gap:2.6rem;align-items:start}
.columns .card{position:sticky;top:1rem}
.card{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--gold);border-radius:.5rem;padding:1.35rem 1.45rem}
.cards{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:1.4rem}
.cards .card{margin:0;grid-column:span 2}
.cards .profil,.cards .berita{grid-column:span 3}
.cards .berita{grid-row:span 2}
.cards .situs{grid-column:span 3}
.cards .instansi,.cards .data{grid-column:span 3}
.more{margin:.6rem 0 0}
.list{padding-left:1.2rem;margin:.2rem 0 1rem}
.list li{margin:.3rem 0}
.list li::marker{color:var(--amber)}
.missing{border-left:4px solid #cdbf9c;background:#f5efe0;color:#5a503a;padding:.65rem 1rem;border-radius:0 .35rem .35rem 0}
.card .missing{font-size:.97rem}
.figures{display:flex;flex-wrap:wrap;gap:.6rem 2.2rem;list-style:none;padding:0;margin:.2rem 0 1rem}
.figures strong{display:block;font:700 2.3rem/1.1 var(--serif);color:var(--clay)}
.chips{display:flex;flex-wrap:wrap;gap:.45rem;margin:.4rem 0}
.chips a{border:1px solid var(--line);background:var(--card);color:var(--green);border-radius:2rem;padding:.2rem .85rem;font-size:.94rem;text-decoration:none}
.chips a:hover{border-color:var(--amber)}
.banner .chips{margin-top:1.2rem}
.banner .chips a{background:transparent;border-color:#7fa596;color:#fff}
.banner .chips a:hover{background:var(--deep)}
.letters{margin-bottom:1.6rem}
.badge{display:inline-block;border-radius:.3rem;padding:.05rem .5rem;font-size:.84rem;white-space:nowrap}
.badge.filled{background:#d9ead9;color:#1c4a2c}
.badge.partial{background:#fbe8bd;color:#5f4305}
.badge.missing{background:#eee7d8;color:#5a503a;border:0}
.states{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;padding:0;margin:.6rem 0;font-size:.94rem;color:var(--soft)}
.news article{border-top:1px solid var(--line);padding:.9rem 0 .2rem}
.news article:first-child{border-top:0;padding-top:0}
.news h3{margin:.1rem 0 .35rem}
.when{margin:0}
.index{list-style:none;padding:0;columns:2;column-gap:2.4rem}
.index li{break-inside:avoid;padding:.32rem 0;border-bottom:1px solid var(--line)}
.index .note{display:block}
dl{margin:0}
.pairs{display:grid;grid-template-columns:auto 1fr;gap:.15rem 1.2rem}
.pairs dt,.pairs dd{margin:0;font-size:1rem}
dt{color:var(--soft);font-size:.92rem}
dd{margin:0 0 .7rem}
.chooser{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1.2rem 1.4rem;margin-bottom:2rem}
.chooser p:last-child{margin:0}
.entries:has(.entry:target) .entry:not(:target){display:none}
`;

const TABLES = `table{border-collapse:collapse;width:100%;background:var(--card);font-size:1rem}
.table{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem;margin:0 0 1rem;position:relative}
th,td{text-align:left;vertical-align:top;padding:.6rem .85rem;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
thead th{background:#f1ead9;color:#43391f;font-size:.92rem}
tbody th{font-weight:600}
.plain{width:auto;min-width:min(100%,30rem);border:1px solid var(--line);margin-bottom:1rem}
.directory th:first-child{width:52%}
.directory .note{display:block;font-weight:400}
.matrix{font-size:.92rem}
.matrix th,.matrix td{padding:.45rem .55rem}
tr:target{background:#fbf0d2}
`;

const FORMS = `form{max-width:44rem}
.field{margin:0 0 1.2rem}
label{display:block;font-weight:600;margin-bottom:.25rem}
label small{font-weight:400;color:var(--soft)}
input[type=text],select,textarea{width:100%;font:inherit;color:inherit;background:#fff;border:1px solid #938a74;border-radius:.35rem;padding:.55rem .7rem}
textarea{min-height:11rem;resize:vertical}
[aria-invalid=true]{border-color:#a3201a;border-width:2px}
.error{color:#8f1b16;font-weight:600;margin:.25rem 0 0}
.alert{border-left:5px solid #a3201a;background:#fbe9e4;padding:.9rem 1.1rem;border-radius:0 .4rem .4rem 0;margin-bottom:1.5rem}
.alert.good{border-color:var(--leaf);background:#e4f0e4}
.alert p:last-child{margin:0}
.reference{font:700 1.5rem/1.3 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;letter-spacing:.03em;overflow-wrap:anywhere}
td .reference,a.reference{font-size:1rem}
.body{white-space:pre-wrap;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.2rem;max-width:none}
`;

const NARROW = `@media (max-width:52rem){
body{font-size:1rem}
.hero,.columns{grid-template-columns:minmax(0,1fr)}
.hero img{width:min(100%,22rem);justify-self:center}
.columns .card{position:static;grid-row:1}
.cards{grid-template-columns:minmax(0,1fr)}
.cards .card.card{grid-column:auto;grid-row:auto}
.banner{padding:1.4rem 0 2.9rem;margin-bottom:1.6rem}
.menu ul{gap:0 1.1rem}
.menu a{padding:.4rem 0}
.index{columns:1}
}
@media (max-width:40rem){
.table table,.table tbody,.table tr,.table th,.table td{display:block}
.table thead{display:none}
.table tr{border-bottom:1px solid var(--line);padding:.6rem .85rem}
.table tr:last-child{border-bottom:0}
.table th,.table td,.table .matrix th,.table .matrix td{border:0;padding:.12rem 0;width:auto}
.directory th:first-child{width:auto}
.table td[data-label]::before{content:attr(data-label) ": ";color:var(--soft)}
.matrix td[data-label]{display:inline-block;margin-right:.9rem}
}
@media print{
body{background:#fff;font-size:10.5pt;color:#000}
.skip,.lang,.menu,.chips,.chooser,.button,.hero img,.frieze,.banner::after,form{display:none}
.banner,footer.site{background:#fff;color:#000;padding:0;margin:0 0 1rem}
.banner *,footer.site *{color:#000}
.columns,.cards{display:block}
.card,.entry,.news article,tr{break-inside:avoid}
.columns .card{position:static}
main a[href^="https"]::after{content:" (" attr(href) ")";font-size:.85em;word-break:break-all}
thead{display:table-header-group}
}
`;

export const STYLE = BASE + FRAME + PARTS + TABLES + FORMS + NARROW;
