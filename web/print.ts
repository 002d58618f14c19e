/** The style sheet of a page that is printed and filed: A4, black on white, fonts of the machine itself. A page appends what is its own. */
export const PRINTED = `
@page { size: A4; margin: 18mm 16mm; }
* { box-sizing: border-box; }
body { font: 10pt/1.4 "Liberation Sans", Arial, sans-serif; color: #111; max-width: 178mm; margin: 8mm auto; padding: 0 4mm; }
header { border-bottom: 2px solid #111; margin-bottom: 5mm; }
header p { margin: 0; color: #444; }
h1 { font-size: 16pt; margin: 1mm 0 3mm; }
h2 { font-size: 12pt; margin: 6mm 0 2mm; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 1mm 2mm; border-bottom: 1px solid #ccc; overflow-wrap: anywhere; }
thead th, .whole { overflow-wrap: break-word; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.facts th { width: 34%; font-weight: normal; color: #444; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
thead th.figure { white-space: normal; }
.digest { font: 8pt/1.4 "Liberation Mono", monospace; color: #333; }
.verdict { border: 2px solid; padding: 2.5mm 4mm; font-weight: bold; font-size: 12pt; }
.good { color: #0a5c2b; }
.bad { color: #a40000; font-weight: bold; }
.signatures { display: flex; gap: 12mm; margin-top: 14mm; break-inside: avoid; }
.signatures div { flex: 1; }
.signatures .line { border-bottom: 1px solid #111; height: 18mm; margin: 0 0 1mm; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
`;
