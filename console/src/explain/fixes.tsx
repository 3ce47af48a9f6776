import { Apply } from '../apply.tsx';
import { CopyButton } from '../copy-button.tsx';
import { Icon } from '../icons.tsx';
import { health } from '../live.ts';
import { LAYERS } from '../outcome.tsx';
import { Diff } from '../source.tsx';
import { listed, plural } from '../text.ts';
import type { Fix } from '../types.ts';

/** What would allow the call: first what keeps the policy as it is, then what changes it. */
export const Fixes = ({ fixes, onApplied }: { fixes: readonly Fix[]; onApplied: () => void }) => (
  <section class="fixes">
    <h3>To allow it</h3>
    {fixes.map((fix, index) => (
      <article key={`${fix.kind}${JSON.stringify(fix)}`} class="fix">
        <h4>
          Fix {index + 1}: {titleOf(fix)}
        </h4>
        <FixBody fix={fix} onApplied={onApplied} />
      </article>
    ))}
  </section>
);

function titleOf(fix: Fix): string {
  if (fix.kind === 'meetConditions') {
    const name =
      fix.sid !== undefined && fix.sid !== '' ? fix.sid : `statement ${fix.statement} of ${fix.policy}`;
    return `meet the ${fix.conditions.length === 1 ? 'condition' : 'conditions'} of ${name}`;
  }
  if (fix.kind === 'addStatement')
    return fix.file === undefined
      ? 'add a statement to an identity policy'
      : `add a statement to ${fix.file}`;
  if (fix.kind === 'sendContext') return 'send more with the request';
  if (fix.change.kind === 'impossible') return 'no policy can allow it';
  if (fix.change.kind === 'removeDeny') return 'remove or narrow the explicit deny';
  return `allow it in the ${LAYERS[fix.change.layer] ?? fix.change.layer}`;
}

function FixBody({ fix, onApplied }: { fix: Fix; onApplied: () => void }) {
  if (fix.kind === 'meetConditions')
    return (
      <ul>
        {fix.conditions.map(({ key = '', operator, wanted, found }) => (
          <li key={`${operator}${key}`}>
            <b class="mono">{key}</b> must match{' '}
            <span class="mono">
              {operator} {wanted.join(' or ')}
            </span>
            ; {found === undefined ? 'the request does not have it' : `it is ${listed(found)}`}.
          </li>
        ))}
      </ul>
    );
  if (fix.kind === 'addStatement') return <AddStatement fix={fix} onApplied={onApplied} />;
  if (fix.kind === 'sendContext')
    return (
      <ul>
        {fix.advice.map((advice) => (
          <li key={advice}>{advice}</li>
        ))}
      </ul>
    );
  const { because, statements = [], statement } = fix.change;
  return (
    <>
      {because !== undefined && <p>The identity policies are not enough: {because}.</p>}
      {statements.length > 0 && (
        <ul>
          {statements.map(({ policy, statement: index, sid, file, line }) => (
            <li key={`${policy}${index}`} class="mono">
              {file === undefined ? policy : `${file}:${line}`} {sid ?? `statement ${index}`}
            </li>
          ))}
        </ul>
      )}
      {statement !== undefined && <pre class="snippet">{JSON.stringify(statement, null, 2)}</pre>}
    </>
  );
}

type AddFix = Extract<Fix, { kind: 'addStatement' }>;

function AddStatement({ fix, onApplied }: { fix: AddFix; onApplied: () => void }) {
  const { patch, policy, text, digest, drops, others, statement } = fix;
  const isWritable = health.value?.write === true;
  return (
    <>
      {drops.length > 0 && (
        <p class="note">
          <Icon name="warning" /> Also skips {drops.join(', ')}: the new statement has no condition.
        </p>
      )}
      {others > 0 && <p class="note">Also attached to {plural(others, 'other principal')}.</p>}
      {patch === undefined ? (
        <pre class="snippet">{JSON.stringify(statement, null, 2)}</pre>
      ) : (
        <Diff patch={patch} label={`Change of ${fix.file}`} />
      )}
      <div class="actions">
        <CopyButton
          text={patch ?? JSON.stringify(statement, null, 2)}
          label={patch ? 'Copy patch' : 'Copy statement'}
        />
        {isWritable && policy !== undefined && text !== undefined && digest !== undefined && (
          <Apply policy={policy} text={text} digest={digest} onApplied={onApplied} />
        )}
      </div>
    </>
  );
}
