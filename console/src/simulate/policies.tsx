import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from '../api.ts';
import { Apply } from '../apply.tsx';
import { countOf, discard, discardAll, drafts, setDraft, toggle } from '../drafts.ts';
import { Icon } from '../icons.tsx';
import { health } from '../live.ts';
import { useLoad } from '../load.ts';
import { LAYERS } from '../outcome.tsx';
import type { PolicyList } from '../responses.ts';
import { go, here, route } from '../route.ts';
import type { PolicySource } from '../types.ts';
import { Editor } from './editor.tsx';

const LAYER_SWITCHES = ['serviceControl', 'resourceControl', 'permissionsBoundary'] as const;

/** Every attached policy with a switch, every layer with one, and an editor for one policy. */
export function Policies() {
  const { value } = useLoad('policies', (signal) => get<PolicyList>('policies', signal));
  const attached = (value?.policies ?? []).filter(({ attachments }) =>
    attachments.some(({ use }) => use !== 'trustPolicy'),
  );
  const edited = route.value.params.get('edit');
  const { texts, off, offLayers } = drafts.value;
  return (
    <section>
      <h2>Policies</h2>
      <fieldset>
        <legend class="hidden">Layers</legend>
        {LAYER_SWITCHES.map((layer) => (
          <label key={layer} class="switch">
            <input
              type="checkbox"
              checked={!offLayers.includes(layer)}
              onChange={() => toggle('offLayers', layer)}
            />{' '}
            {LAYERS[layer]}
          </label>
        ))}
      </fieldset>
      <ul class="choices">
        {attached.map(({ name, owner }) => (
          <li key={name} class="switch-row">
            <label class="switch grow">
              <input type="checkbox" checked={!off.includes(name)} onChange={() => toggle('off', name)} />{' '}
              {name}
              {texts[name] !== undefined && <span class="audited"> edited</span>}
            </label>
            {owner === 'customer' && (
              <button
                type="button"
                aria-pressed={edited === name}
                aria-label={`Edit ${name}`}
                onClick={() => go(here({ edit: edited === name ? undefined : name }))}
              >
                Edit
              </button>
            )}
          </li>
        ))}
      </ul>
      {countOf(drafts.value) > 0 && (
        <button type="button" onClick={discardAll}>
          <Icon name="trash" />
          Discard all edits
        </button>
      )}
      {edited !== null && <EditedPolicy name={edited} key={edited} />}
    </section>
  );
}

function EditedPolicy({ name }: { name: string }) {
  const { value } = useLoad(name, (signal) =>
    get<PolicySource>(`policies/${encodeURIComponent(name)}/source`, signal),
  );
  const version = useSignal(0);
  useEffect(() => {
    if (value && drafts.value.texts[name] === value.text) discard(name);
  }, [value, name]);
  if (!value) return null;
  const text = drafts.value.texts[name];
  return (
    <div>
      <h3>{value.file ?? name}</h3>
      <Editor
        key={version.value}
        name={name}
        text={text ?? value.text}
        format={value.format}
        onChange={(now) => (now === value.text ? discard(name) : setDraft(name, now, value.digest))}
      />
      {text !== undefined && (
        <div class="actions">
          <button
            type="button"
            onClick={() => {
              discard(name);
              version.value += 1;
            }}
          >
            <Icon name="reset" />
            Discard
          </button>
          {health.value?.write && value.writable && (
            <Apply
              policy={name}
              text={text}
              digest={drafts.value.bases[name] ?? value.digest}
              onApplied={() => discard(name)}
            />
          )}
        </div>
      )}
    </div>
  );
}
