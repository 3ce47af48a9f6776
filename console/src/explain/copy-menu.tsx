import { call } from '../api.ts';
import { CopyButton } from '../copy-button.tsx';
import { Icon } from '../icons.tsx';
import type { DecisionRecord } from '../types.ts';
import { asCommand } from './copy-as.ts';

/** A policy test that expects what was decided; `personalize-authz-proxy test` runs it. */
const policyTest = async (id: string): Promise<string> =>
  (await call(`decisions/${encodeURIComponent(id)}/test`)).text();

/** The decision in the forms in which people need it elsewhere. */
export const CopyMenu = ({ decision }: { decision: DecisionRecord }) => (
  <details class="menu">
    <summary>
      <Icon name="copy" />
      Copy
    </summary>
    <div>
      <CopyButton text={() => policyTest(decision.id)} label="Policy test" />
      <CopyButton text={() => asCommand(decision)} label="AWS CLI command" />
      <CopyButton text={() => JSON.stringify(decision, null, 2)} label="JSON" />
      <CopyButton text={() => location.href} label="Link" />
    </div>
  </details>
);
