import { get } from '../api.ts';
import { useLoad } from '../load.ts';
import { nameOf, type Principals } from './types.ts';

interface PrincipalSelectProps {
  readonly label: string;
  readonly value: string;
  /** What no choice means; without it the first principal is chosen. */
  readonly all?: string;
  readonly onChange: (name: string) => void;
}

/** The users and roles of the folder. */
export function PrincipalSelect({ label, value, all, onChange }: PrincipalSelectProps) {
  const { value: principals } = useLoad('principals', (signal) => get<Principals>('principals', signal));
  const names = principals ? [...principals.users, ...principals.roles].map(nameOf) : [];
  const shown = value === '' || names.includes(value) ? names : [value, ...names];
  return (
    <label>
      <span>{label} </span>
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">{all ?? 'choose a principal'}</option>
        {shown.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
