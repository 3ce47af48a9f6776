import { Icon } from '../icons.tsx';
import type { Gap } from '../responses.ts';
import type { Summary } from '../types.ts';

interface Line {
  readonly row: Summary;
  readonly count?: number;
}

/** What a row of the list shows. */
export type Entry = Line | { readonly gap: Gap };

/** A gap stands above the newest row that is older than it. */
export function withGaps(shown: readonly Summary[], all: readonly Gap[]): readonly Entry[] {
  if (all.length === 0) return shown.map((row) => ({ row }));
  const entries: Entry[] = [];
  const waiting = all.toSorted((a, b) => b.to - a.to);
  for (const row of shown) {
    for (let [gap] = waiting; gap && gap.to > row.seq; [gap] = waiting) {
      entries.push({ gap });
      waiting.shift();
    }
    entries.push({ row });
  }
  return [...entries, ...waiting.map((gap) => ({ gap }))];
}

export const GapRow = ({ gap: { from, to }, index, top }: { gap: Gap; index: number; top: number }) => (
  <div role="row" class="row gap" aria-rowindex={index + 2} style={{ transform: `translateY(${top}px)` }}>
    <span role="gridcell" aria-colspan={7}>
      <Icon name="warning" /> {(to - from + 1).toLocaleString('en-US')} decisions are no longer in memory
    </span>
  </div>
);
