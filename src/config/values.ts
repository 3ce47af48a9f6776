import { z } from 'zod';
import { parseCidr } from '../lib/cidr.ts';

/* The forms of values that `proxy.yaml` can hold. */

export const port = z
  .int()
  .min(0, { error: 'must be from 0 to 65535' })
  .max(65_535, { error: 'must be from 0 to 65535' });

export const workers = z
  .int()
  .min(1, { error: 'must be from 1 to 64' })
  .max(64, { error: 'must be from 1 to 64' });

export const path = z.string().min(1, { error: 'is empty' });

/** A number of seconds up to one day; fractions are allowed. */
export const seconds = z
  .number()
  .min(0, { error: 'must be from 0 to 86400 seconds' })
  .max(86_400, { error: 'must be from 0 to 86400 seconds' });

/** A number of minutes up to one day. */
export const minutes = z
  .number()
  .positive({ error: 'must be more than 0 minutes' })
  .max(1440, { error: 'must be at most 1440 minutes, a day' });

/** A variable or flag gives it as text. */
export const flag = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })], {
  error: 'must be true or false',
});

/** Schemes that a browser would run are not among those of editors. */
export const editorLink = z
  .string()
  .regex(/^(?!javascript:|data:|vbscript:)[a-z][a-z0-9+.-]*:.*\{(?:path|file)\}/i, {
    error: 'must be a link with {path} or {file} in it, such as vscode://file/{path}:{line}',
  });

export const bytes = z.int().min(1_048_576, { error: 'must be at least 1048576 bytes, 1 MiB' });

/** @see https://docs.aws.amazon.com/whitepapers/latest/aws-diagnostic-isolation-boundaries/partitions.html */
export const partition = z.enum([
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
]);

export const account = z.string().regex(/^\d{12}$/, { error: 'an account id has 12 digits' });

export const region = z
  .string()
  .regex(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/, { error: 'a region is like us-east-1' });

type Origin = `http://${string}` | `https://${string}`;

/** The origin of an address without path, query and password: those belong to each request. */
function originOf(value: string): Origin | undefined {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  const bare = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  return bare ? (url.origin as Origin) : undefined;
}

/** One of the words, or the origin of an HTTP server. */
export const upstream = <const Word extends string>(...words: readonly Word[]) => {
  const isWord = (value: string): value is Word => (words as readonly string[]).includes(value);
  return z
    .string()
    .refine((value) => isWord(value) || originOf(value) !== undefined, {
      error: `must be ${words.join(', ')}, or an address like http://host:port, without path, query and password`,
    })
    .transform((value) => originOf(value) ?? (value as Word));
};

const STORES = /^(?:memory|sqlite:.+|rediss?:\/\/.+)$/;

const STATES = /^(?:memory|rediss?:\/\/.+)$/;

type Store = 'memory' | `sqlite:${string}` | `redis://${string}` | `rediss://${string}`;

export const store = z.string().refine((value): value is Store => STORES.test(value) && isAddress(value), {
  error: 'must be memory, sqlite:<file> or redis://<host>',
});

export const state = z
  .string()
  .refine((value): value is Exclude<Store, `sqlite:${string}`> => STATES.test(value) && isAddress(value), {
    error: 'must be memory or redis://<host>',
  });

/** Anything but a file must be an address that a client can connect to. */
const isAddress = (value: string): boolean =>
  !value.startsWith('redis') || (URL.canParse(value) && new URL(value).hostname !== '');

/** A list of texts; in a variable and a flag separated by commas. */
export const list = <Items extends z.ZodType<readonly string[], unknown>>(items: Items) =>
  z.preprocess(
    (value: readonly string[] | string | null | undefined) =>
      typeof value === 'string' ? value.split(',').map((each) => each.trim()) : (value ?? []),
    items,
  );

export const hostNames = list(
  z.array(
    z
      .string()
      .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, { error: 'must be host names like authz.local' }),
  ),
);

export const ranges = list(
  z.array(z.string()).refine((all) => all.every((each) => parseCidr(each) !== undefined), {
    error: 'must be addresses and ranges like 10.0.0.0/8 and ::1',
  }),
);

/** As browsers write them: `*` and `null` would be every page. */
export const origins = list(
  z.array(z.string()).refine((all) => all.every((each) => originOf(each) === each), {
    error: 'must be origins of pages like http://localhost:5173, without path',
  }),
);

/** One key of `proxy.yaml`. Its flag, its `AUTHZ_*` variable, its help and its documentation all come from here. */
export interface SettingRow {
  /** The flag without the dashes; the variable is `AUTHZ_` and the same in capitals, with underscores. */
  readonly flag: string;
  /** The form of the value as help prints it. */
  readonly form: string;
  /** One sentence without a period, for help. */
  readonly summary: string;
  /** What documentation adds to the summary. */
  readonly details?: string;
  /** Type, limits and default. */
  readonly schema: z.ZodType<unknown, unknown>;
  /**
   * Present where the value is a path: relative to the configuration file in the file, and to the working folder in
   * variables and flags. `sqlite` marks a value that is a path only after `sqlite:`.
   */
  readonly path?: true | 'sqlite';
}

/** One of the values; the first is the default. */
export const choice = <const First extends string, const Rest extends readonly string[]>(
  first: First,
  ...rest: Rest
) => ({
  form: [first, ...rest].join('|'),
  schema: z.enum([first, ...rest] as const).default(first as never),
});

export const OPTIONAL_FILE = { form: 'file', schema: path.nullable().default(null), path: true } as const;
export const OPTIONAL_FOLDER = { ...OPTIONAL_FILE, form: 'folder' } as const;
