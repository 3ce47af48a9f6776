import { useRef } from 'preact/hooks';
import { stored } from './stored.ts';

/** Percent of the width that the right pane has. */
const width = stored<number>('pane', 46);
const LEAST = 25;
const MOST = 75;
const STEP = 2;

const bounded = (percent: number): number =>
  Math.round(Math.min(MOST, Math.max(LEAST, Number.isFinite(percent) ? percent : 46)));

/** The columns of two panes with a divider between them. */
export const paneColumns = (): string => {
  const right = bounded(width.value);
  return `minmax(0, ${100 - right}fr) 9px minmax(0, ${right}fr)`;
};

const KEYS: Readonly<Record<string, (now: number) => number>> = {
  ArrowLeft: (now) => now + STEP,
  ArrowRight: (now) => now - STEP,
  Home: () => MOST,
  End: () => LEAST,
};

/**
 * Between two panes: dragged, or moved by arrow keys; its value is the share of the left pane.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/windowsplitter/
 */
export function Divider({ label, controls }: { label: string; controls: string }) {
  const self = useRef<HTMLDivElement>(null);
  const drag = (event: PointerEvent): void => {
    const panes = self.current?.parentElement?.getBoundingClientRect();
    if (panes && self.current?.hasPointerCapture(event.pointerId))
      width.value = bounded(((panes.right - event.clientX) / panes.width) * 100);
  };
  return (
    <div
      class="divider"
      ref={self}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-controls={controls}
      aria-valuenow={100 - bounded(width.value)}
      aria-valuemin={100 - MOST}
      aria-valuemax={100 - LEAST}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDblClick={() => {
        width.value = 46;
      }}
      onKeyDown={(event) => {
        const next = KEYS[event.key];
        if (next === undefined) return;
        width.value = bounded(next(bounded(width.value)));
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
