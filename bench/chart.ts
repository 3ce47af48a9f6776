import { digits, type Section } from './figures.ts';

const ROW = 24;
const LABELS = 250;
const BARS = 430;
const WIDTH = LABELS + BARS + 90;

const STYLE = `<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.other { fill: #8c959f } .ours { fill: #0969da }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .other { fill: #6e7681 } .ours { fill: #4493f8 } }
</style>`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Requests a second as bars; what is not the program is gray. */
export function chart({ figures }: Section): string {
  const most = Math.max(...figures.map(({ median }) => median));
  const rows = figures.map(({ name, median }, index) => {
    const top = index * ROW + 8;
    const width = Math.max(1, (median / most) * BARS);
    const kind = /^(bare|nginx|moto)/.test(name) ? 'other' : 'ours';
    return [
      `<text x="${LABELS - 8}" y="${top + 13}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${kind}" x="${LABELS}" y="${top}" width="${width.toFixed(1)}" height="${ROW - 7}" rx="2"/>`,
      `<text x="${(LABELS + width + 6).toFixed(1)}" y="${top + 13}">${digits(median)}</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${figures.length * ROW + 12}" role="img" aria-label="Requests a second">
${STYLE}
${rows.join('\n')}
</svg>
`;
}
