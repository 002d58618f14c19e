/** The style of reports on a screen: one file with all it needs, from a phone's width up, and printable. The colours are those of the region's sites. */
import { WIDTH_RULES } from "./blocks.ts";
import { TONE_RULES } from "./tones.ts";

const BASE = `:root{--green:#17463a;--gold:#e3b04b;--paper:#fbf8f0;--card:#fff;--ink:#1d2823;--soft:#55625b;--line:#e2dac7;--serif:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua","Noto Serif","DejaVu Serif",Georgia,serif;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif;--mono:ui-monospace,"Liberation Mono","DejaVu Sans Mono",Menlo,Consolas,monospace}
*,*::before,*::after{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:400 1rem/1.55 var(--sans);overflow-wrap:break-word}
h1,h2,h3{font-family:var(--serif);line-height:1.2;text-wrap:balance}
h1{font-size:clamp(1.7rem,1.2rem + 2.4vw,2.7rem);margin:.3em 0 .3em}
h2{font-size:1.45rem;color:var(--green);margin:0 0 1rem;padding-bottom:.35rem;border-bottom:3px solid var(--gold)}
h3{font-size:1.08rem;margin:1.3rem 0 .5rem}
p{margin:0 0 .9rem;max-width:72ch}
a{color:#0f5a45;text-underline-offset:.18em}
:focus-visible{outline:3px solid #a5502b;outline-offset:2px;border-radius:3px}
.wide{max-width:74rem;margin:0 auto;padding:0 1.25rem}
.skip{position:absolute;left:-999rem;top:0;background:var(--gold);color:#000;padding:.7rem 1.1rem;z-index:9}
.skip:focus{left:0}
code{font:.8rem/1.4 var(--mono);color:var(--soft);overflow-wrap:anywhere}
.good{color:#0a5c2b}
.bad{color:#a3201a}
.note{color:var(--soft)}
[hidden]{display:none!important}
`;

const FRAME = `header.top{background:var(--green);color:#f6f1e2;padding:1.6rem 0 1.9rem;border-bottom:6px solid var(--gold)}
header.top .issuer{color:#cfe0d3;margin:0}
header.top .under{font-size:1.1rem;color:#e6ecdf;margin:0}
.notice{background:#fdf6e3;border:1px solid #8a5c10;color:#6b470a;padding:.7rem 1rem;border-radius:.35rem;margin-top:1.2rem}
main{padding-top:1.6rem}
.verdict{font-size:1.2rem;font-weight:600;border-left:.5rem solid;background:var(--card);padding:.9rem 1.1rem;margin:0 0 1.4rem;max-width:none;border-radius:0 .35rem .35rem 0}
nav.toc{margin:0 0 2rem}
nav.toc ol{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem .5rem;margin:0;padding:0}
nav.toc a{display:block;padding:.3rem .8rem;border:1px solid var(--line);border-radius:2rem;background:var(--card);text-decoration:none;font-size:.92rem}
nav.toc a:hover{border-color:var(--gold)}
section.chapter{margin:0 0 2.6rem}
details.annex{margin:0 0 1rem;border:1px solid var(--line);border-radius:.45rem;background:var(--card);padding:0 1.1rem}
details.annex>summary{padding:.9rem 0;cursor:pointer}
details.annex>summary h2{display:inline;border:0;font-size:1.2rem;padding:0}
footer{border-top:1px solid var(--line);color:var(--soft);padding:1.2rem 0 2rem;font-size:.92rem}
`;

const PARTS = `.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.6rem,1fr));gap:.8rem;margin:0 0 1.4rem}
.tile{background:var(--card);border:1px solid var(--line);border-left:.45rem solid;border-radius:.35rem;padding:.7rem .9rem}
.tile strong{display:block;font:700 2rem/1.1 var(--serif)}
.tile span{color:var(--soft);font-size:.94rem}
figure{margin:0 0 1.6rem;max-width:52rem}
figure svg{width:100%;height:auto;display:block;background:var(--card);border:1px solid var(--line);border-radius:.35rem;padding:.8rem}
figure{overflow-x:auto}
figcaption{color:var(--soft);font-size:.92rem;margin-top:.4rem}
.card{background:var(--card);border:1px solid var(--line);border-left:.5rem solid;border-radius:.35rem;padding:.9rem 1.2rem .3rem;margin:0 0 1.1rem}
.card .over{color:var(--soft);font-size:.92rem;margin:0}
.card h3{margin:.2rem 0 .6rem}
dl.facts{margin:0 0 1rem}
dl.facts>div{display:grid;grid-template-columns:12rem minmax(0,1fr);gap:.2rem 1rem;padding:.35rem 0;border-bottom:1px solid var(--line)}
dl.facts>div:last-child{border-bottom:0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
.table{overflow-x:auto;margin:0 0 1.4rem}
table{border-collapse:collapse;width:100%;background:var(--card);font-size:.95rem;border:1px solid var(--line)}
caption{text-align:left;font-weight:600;padding:0 0 .4rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .7rem;border-bottom:1px solid var(--line)}
thead th{background:#f1ead9;color:#43391f;font-size:.88rem}
.figure{text-align:right;font-variant-numeric:tabular-nums}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.mark{display:inline-block;justify-self:start;border-radius:1rem;padding:.08rem .65rem;font-size:.85rem;font-weight:600;white-space:nowrap}
`;

const FILTER = `form.filter{display:grid;grid-template-columns:2fr repeat(3,1fr);gap:.8rem;background:var(--card);border:1px solid var(--line);border-radius:.45rem;padding:1rem 1.1rem;margin:0 0 .8rem;position:sticky;top:0;z-index:2}
form.filter label{display:block;font-size:.88rem;font-weight:600}
form.filter input,form.filter select{width:100%;font:inherit;color:inherit;background:#fff;border:1px solid #938a74;border-radius:.35rem;padding:.45rem .6rem;margin-top:.15rem}
.count{color:var(--soft);margin:0 0 .8rem}
details.duty{background:var(--card);border:1px solid var(--line);border-left:.5rem solid;border-radius:.35rem;margin:0 0 .55rem}
details.duty>summary{cursor:pointer;list-style:none;display:grid;grid-template-columns:11.5rem minmax(0,1fr) auto;gap:.2rem 1rem;padding:.6rem .9rem;align-items:baseline}
details.duty>summary::-webkit-details-marker{display:none}
details.duty>summary strong{font-weight:600}
details.duty>summary .meta{color:var(--soft);font-size:.88rem;text-align:right}
details.duty>summary .sub{display:block;color:var(--soft);font-size:.88rem}
details.duty[open]>summary{border-bottom:1px solid var(--line)}
details.duty>div{padding:.9rem}
.answers{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:.8rem;margin:0 0 1rem}
.answers>div{border:1px solid var(--line);border-radius:.35rem;padding:.6rem .8rem;font-size:.95rem}
.answers h4{margin:0 0 .3rem;font-size:.9rem;color:var(--soft)}
.answers p{margin:.3rem 0 0}
`;

const NARROW = `@media (max-width:46rem){
form.filter{grid-template-columns:1fr 1fr;position:static}
form.filter .search{grid-column:1/-1}
details.duty>summary{grid-template-columns:minmax(0,1fr) auto}
details.duty>summary .title{grid-column:1/-1;grid-row:2}
figure svg{min-width:34rem}
nav.toc ol{flex-wrap:nowrap;overflow-x:auto;padding-bottom:.4rem}
nav.toc li{flex:none}
.table caption{padding:.6rem .8rem 0}
.answers{grid-template-columns:minmax(0,1fr)}
dl.facts>div{grid-template-columns:minmax(0,1fr)}
.table table,.table thead,.table tbody,.table tr,.table td,.table caption{display:block}
.table thead{display:none}
.table colgroup{display:none}
.table tr{padding:.6rem .8rem;border-bottom:1px solid var(--line)}
.table td{border:0;padding:.12rem 0;text-align:left}
.table td[data-label]::before{content:attr(data-label) ": ";color:var(--soft);font-size:.88rem}
.table td div{display:inline}
.table td div+div::before{content:" · "}
}
@media print{
@page{size:A4;margin:16mm}
body{background:#fff;font-size:10pt}
header.top{background:none;color:#000;border-bottom:2px solid #000;padding:0 0 .6rem}
header.top *{color:#000!important}
form.filter,nav.toc,.count,.skip{display:none}
details.duty,.card,tr,.tile{break-inside:avoid}
}
`;

export const SCREEN_STYLE = `${BASE}${FRAME}${PARTS}${FILTER}${NARROW}${TONE_RULES}${WIDTH_RULES}`;
