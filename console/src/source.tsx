import type { ComponentChildren } from 'preact';

interface Mark {
  readonly tone: string;
  readonly note: ComponentChildren;
}

interface SourceProps {
  readonly text: string;
  /** 1-based; the whole text unless given. */
  readonly from?: number;
  readonly to?: number;
  readonly label: string;
  readonly marks?: (line: number) => Mark | undefined;
}

/** Lines of a text with their numbers, and what is to be said of some of them. */
export function Source({ text, from = 1, to, label, marks }: SourceProps) {
  const lines = text
    .replace(/\n$/, '')
    .split('\n')
    .slice(from - 1, to);
  return (
    <div class="source" role="group" aria-label={label} tabIndex={0}>
      {lines.map((line, index) => {
        const number = from + index;
        const mark = marks?.(number);
        return (
          <div key={number} class={`line ${mark?.tone ?? ''}`}>
            <span class="number">{number}</span>
            <span class="gutter">{mark?.note}</span>
            <code>{line === '' ? ' ' : line}</code>
          </div>
        );
      })}
    </div>
  );
}

/** A unified diff. */
export const Diff = ({ patch, label }: { patch: string; label: string }) => (
  <div class="source diff" role="group" aria-label={label} tabIndex={0}>
    {patch
      .trimEnd()
      .split('\n')
      .filter((line) => !/^(?:---|\+\+\+|===)/.test(line))
      .map((line, index) => (
        <div key={`${index}${line}`} class={`line ${toneOf(line)}`}>
          <code>{line === '' ? ' ' : line}</code>
        </div>
      ))}
  </div>
);

const toneOf = (line: string): string =>
  line.startsWith('+') ? 'allowed' : line.startsWith('-') ? 'denied' : line.startsWith('@@') ? 'muted' : '';
