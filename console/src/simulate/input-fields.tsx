import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

export interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

type Input = Readonly<Record<string, unknown>>;

/** A form for the input of an operation, required members first. What has members of its own is written as JSON. */
export function InputFields({ schema, input }: { schema: JsonSchema; input: Signal<Input> }) {
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties ?? {}).sort(
    ([a], [b]) => Number(required.has(b)) - Number(required.has(a)),
  );
  if (members.length === 0) return <p class="muted">This operation has no input.</p>;
  const set = (name: string, value: unknown): void => {
    const { [name]: _, ...rest } = input.value;
    input.value = value === undefined ? rest : { ...rest, [name]: value };
  };
  return (
    <fieldset class="form">
      <legend>Input</legend>
      {members.map(([name, member]) => (
        <Field
          key={name}
          name={name}
          schema={member}
          isRequired={required.has(name)}
          value={input.value[name]}
          onChange={(value) => set(name, value)}
        />
      ))}
    </fieldset>
  );
}

interface FieldProps {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function Field({ name, schema, isRequired, value, onChange }: FieldProps) {
  const label = (
    <span class="mono">
      {name}
      {isRequired ? ' *' : ''}
    </span>
  );
  if (schema.enum || schema.type === 'boolean')
    return (
      <label>
        {label}
        <select
          value={value === undefined ? '' : String(value)}
          onChange={({ currentTarget: { value: now } }) =>
            onChange(now === '' ? undefined : schema.type === 'boolean' ? now === 'true' : now)
          }
        >
          <option value="">–</option>
          {(schema.enum ?? ['true', 'false']).map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
    );
  if (schema.type === 'integer' || schema.type === 'number')
    return (
      <label>
        {label}
        <input
          type="number"
          value={value === undefined ? '' : String(value)}
          min={schema.minimum}
          max={schema.maximum}
          onInput={({ currentTarget: { value: now } }) => onChange(now === '' ? undefined : Number(now))}
        />
      </label>
    );
  if (schema.type === 'string') {
    const text = value === undefined ? '' : String(value);
    const change = (now: string): void => onChange(now === '' ? undefined : now);
    return (schema.maxLength ?? 0) > SHORT ? (
      <label>
        {label}
        <textarea
          rows={3}
          value={text}
          spellcheck={false}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      </label>
    ) : (
      <label>
        {label}
        <input
          value={text}
          maxLength={schema.maxLength}
          spellcheck={false}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      </label>
    );
  }
  return <JsonField label={label} value={value} onChange={onChange} />;
}

/** Longer texts, such as schemas, are written in several lines. */
const SHORT = 256;

function JsonField({
  label,
  value,
  onChange,
}: Pick<FieldProps, 'value' | 'onChange'> & { label: ComponentChildren }) {
  const text = useSignal(value === undefined ? '' : JSON.stringify(value));
  const isWrong = useSignal(false);
  const change = (now: string): void => {
    text.value = now;
    try {
      onChange(now.trim() === '' ? undefined : JSON.parse(now));
      isWrong.value = false;
    } catch {
      isWrong.value = true;
    }
  };
  return (
    <label>
      <span>
        {label} <span class="muted">(JSON)</span>
      </span>
      <textarea
        rows={1}
        value={text.value}
        spellcheck={false}
        aria-invalid={isWrong.value}
        onInput={({ currentTarget }) => change(currentTarget.value)}
      />
      {isWrong.value && <span class="denied">This is not JSON.</span>}
    </label>
  );
}
