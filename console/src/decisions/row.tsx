import { Badge, LAYERS, OUTCOMES } from '../outcome.tsx';
import { actionName, clockTime, milliseconds, shortArn, splitResource } from '../text.ts';
import type { Summary } from '../types.ts';
import { memo } from './memo.ts';

export interface RowProps {
  readonly row: Summary;
  readonly index: number;
  readonly top: number;
  readonly href: string;
  readonly isSelected: boolean;
  readonly isCurrent: boolean;
  /** The check of a service role, below the call that passed the role. */
  readonly isNested: boolean;
  readonly count: number | undefined;
}

/** One decision. The link of its first cell is what the keyboard moves over. */
export const Row = memo(({ row, index, top, href, isSelected, isCurrent, isNested, count }: RowProps) => {
  const { outcome, time, principal, operation, check, error, durationMicros } = row;
  const [type, name] = splitResource(check?.resource ?? '');
  const isRefused = outcome !== 'forwarded' && outcome !== 'answered';
  const reason = isRefused ? (check && check.decision !== 'allowed' ? LAYERS[check.layer] : error?.code) : '';
  const action = isNested && check ? check.action : (operation ?? check?.action ?? 'not routed');
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      class={`row${isSelected ? ' selected' : ''}${isNested ? ' nested' : ''}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" class="c-outcome">
        <a href={href} tabIndex={isCurrent ? 0 : -1} data-index={index}>
          <Badge {...OUTCOMES[outcome]} />
        </a>
        {count !== undefined && count > 1 && <span class="count">×{count.toLocaleString('en-US')}</span>}
      </span>
      <span role="gridcell" class="c-time">
        {clockTime(time)}
      </span>
      <span role="gridcell" class="c-principal">
        {principal === undefined ? '–' : shortArn(principal)}
      </span>
      <span role="gridcell" class="c-operation">
        {actionName(action)}
      </span>
      <span role="gridcell" class="c-resource">
        <span class="type">{type}</span>
        <b>{name}</b>
      </span>
      <span role="gridcell" class="c-layer">
        {reason}
      </span>
      <span role="gridcell" class="c-ms">
        {milliseconds(durationMicros)}
      </span>
    </div>
  );
});
