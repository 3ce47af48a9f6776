import { Icon, type IconName } from '../icons.tsx';
import { LAYERS } from '../outcome.tsx';
import type { Check, DecisionRecord, Explanation } from '../types.ts';

interface Step {
  readonly name: string;
  readonly verdict: 'passed' | 'failed' | 'open' | 'notReached' | 'none';
  readonly says?: string;
}

const ICONS: Readonly<Record<Step['verdict'], readonly [IconName, string, string]>> = {
  passed: ['check', 'allowed', 'passed'],
  failed: ['x', 'denied', 'failed'],
  open: ['unused', 'unused', 'does not allow'],
  notReached: ['unused', 'unused', 'not reached'],
  none: ['unused', 'unused', 'none'],
};

/** In the order in which AWS evaluates them. */
const ORDER = [
  'deny',
  'resourceControl',
  'serviceControl',
  'resourcePolicy',
  'identity',
  'permissionsBoundary',
  'session',
];

interface StepsProps {
  readonly request: Explanation['request'];
  /** As it is evaluated now. */
  readonly check: Check | undefined;
  readonly recorded: DecisionRecord['checks'];
}

function stepsOf({ request, check, recorded }: StepsProps): readonly Step[] {
  const before = request.map(({ step, verdict, says }): Step => ({ name: step, verdict, says }));
  if (check === undefined) {
    // It cannot be evaluated again; the record has what denied it.
    const denied = recorded.find(({ decision }) => decision !== 'allowed');
    return denied ? [...before, { name: LAYERS[denied.layer] ?? denied.layer, verdict: 'failed' }] : before;
  }
  const layers = ORDER.flatMap((layer): readonly Step[] => {
    const found = check.steps.filter(({ step }) => step === layer);
    const name = LAYERS[layer] ?? layer;
    if (found.length === 0) return [{ name, verdict: 'none' }];
    return found.map(({ level, verdict }) => ({
      name: level === undefined ? name : `${name}, level ${level}`,
      verdict,
    }));
  });
  return [...before, ...layers];
}

/** The evaluation from the routed operation to the last policy, one step beside the other. */
export const Steps = (props: StepsProps) => (
  <ol class="steps" aria-label="Evaluation steps">
    {stepsOf(props).map(({ name, verdict, says }) => {
      const [icon, tone, word] = ICONS[verdict];
      return (
        <li key={name} class={verdict === 'none' ? 'none' : tone} title={says}>
          <Icon name={icon} />
          {name} <span class={verdict === 'passed' ? 'hidden' : 'verdict'}>{word}</span>
          {verdict === 'failed' && says !== undefined && <span class="says">{says}</span>}
        </li>
      );
    })}
  </ol>
);
