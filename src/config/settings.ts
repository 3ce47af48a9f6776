import type { z } from 'zod';
import { SETTING_TABLE } from './setting-table.ts';
import type { SettingRow } from './values.ts';

type Table = typeof SETTING_TABLE;

/** `listen.port` */
export type SettingKey = keyof Table;

type Group = { [Key in SettingKey]: Key extends `${infer Head}.${string}` ? Head : never }[SettingKey];

/** What `proxy.yaml` holds, checked and with its defaults. */
export type ConfigValues = {
  readonly [Key in Exclude<SettingKey, `${string}.${string}`>]: z.output<Table[Key]['schema']>;
} & {
  readonly [Head in Group]: {
    readonly [Key in SettingKey as Key extends `${Head}.${infer Name}` ? Name : never]: z.output<
      Table[Key]['schema']
    >;
  };
};

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** Settings by their flags in camelCase, as `startProxy` takes them: `port`, `decisionsFile`. */
export type SettingValues = {
  readonly [Key in SettingKey as CamelCase<Table[Key]['flag']>]?: NonNullable<z.input<Table[Key]['schema']>>;
};

/** One key of `proxy.yaml` with all its names. */
export interface Setting extends Pick<SettingRow, 'flag' | 'form' | 'summary' | 'details' | 'path'> {
  readonly key: SettingKey;
  /** `AUTHZ_PORT` */
  readonly variable: string;
  /** Whether a text from a variable or a flag is read as a number. */
  readonly isNumber: boolean;
  /** Absent where the default is empty. */
  readonly default?: string | number;
}

/** The whole table, a row per key. */
export const SETTINGS: readonly Setting[] = (Object.entries(SETTING_TABLE) as [SettingKey, SettingRow][]).map(
  ([key, { schema, ...row }]) => {
    const value = schema.safeParse(undefined).data;
    const hasDefault = typeof value === 'string' || typeof value === 'number';
    return {
      ...row,
      key,
      variable: `AUTHZ_${row.flag.toUpperCase().replaceAll('-', '_')}`,
      isNumber: typeof value === 'number',
      ...(hasDefault && { default: value }),
    };
  },
);
