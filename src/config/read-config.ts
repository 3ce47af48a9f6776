import { createSecretKey, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { displayPath, readTextSync } from '../directory/source-file.ts';
import { type DocumentNode, duplicateKeys, toValue } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { didYouMean } from '../lib/nearest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { checkSchema, formatPath, type PlaceOf, placesIn } from '../lib/schema-diagnostics.ts';
import { readYaml } from '../lib/yaml-position.ts';
import { configSchema } from './schema.ts';
import { type ConfigValues, SETTINGS, type Setting } from './settings.ts';

/** What `proxy.yaml`, the environment and the flags say together; every path is absolute. */
export interface Config extends Omit<ConfigValues, 'session'> {
  /** The file that was read, absolute. */
  readonly file: string;
  /** Whether that is the one that comes with the package, because none was named and the working folder has none. */
  readonly shipped: boolean;
  readonly session:
    | {
        readonly key: 'file';
        /** Absolute; beside the configuration file where it is not given. */
        readonly file: string | null;
      }
    /** The 32 bytes of `AUTHZ_SESSION_KEY`, in a form that no log can print. */
    | { readonly key: 'env'; readonly secret: KeyObject };
}

export interface ConfigSources {
  /** The configuration file. Where none is named here, in `flags.config` or in `AUTHZ_CONFIG`: `config/proxy.yaml` of the working folder if it is there, else the one that comes with the package. */
  readonly file?: string;
  /** The environment; an empty variable counts as not set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** By name without dashes, in kebab-case or camelCase; a value of `undefined` counts as not given. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** What relative paths of the environment and the flags start from; the process's own by default. */
  readonly workingFolder?: string;
}

/** A value from outside of the file, and what people call it. */
interface Override {
  readonly setting: Setting;
  /** `AUTHZ_PORT`, `--port` */
  readonly label: string;
  readonly value: unknown;
}

/** Where a configuration is looked for in the working folder. */
export const CONFIG_FILE = 'config/proxy.yaml';

const PREFIX = 'AUTHZ_';
const FILE_VARIABLE = 'AUTHZ_CONFIG';
const FILE_FLAG = 'config';
const SESSION_KEY = 'session.key';
const SQLITE = 'sqlite:';
const SHIPPED = fileURLToPath(new URL('../../config/proxy.yaml', import.meta.url));

/** Reads the configuration: flag before environment before file before default. All diagnostics at once. */
export function readConfig(sources: ConfigSources): Result<Config, readonly Diagnostic[]> {
  const folder = sources.workingFolder ?? process.cwd();
  const flags = new Map(Object.entries(sources.flags).map(([name, value]) => [kebabCase(name), value]));
  const named = namedFile(sources, flags.get(FILE_FLAG));
  const here = resolve(folder, named ?? CONFIG_FILE);
  const shipped = named === undefined && !existsSync(here);
  const file = shipped ? SHIPPED : here;
  const document = readDocument(file);
  const unknown = [...unknownVariables(sources.env), ...unknownFlags(flags)];
  if (!document.ok) return err([...document.error, ...unknown]);

  const overrides = new Map<string, Override>([
    ...fromEnvironment(sources.env).map((override) => [override.setting.key, override] as const),
    ...fromFlags(flags).map((override) => [override.setting.key, override] as const),
  ]);
  const merged = [...overrides.values()].reduce(
    (value, { setting, value: own }) => withMember(value, setting.key.split('.'), own),
    toValue(document.value),
  );
  const checked = checkSchema(configSchema, merged, placesWith(overrides, document.value, displayPath(file)));
  if (!checked.ok) return err([...checked.error, ...unknown]);
  const session = readSession(checked.value, sources.env, document.value, displayPath(file));
  if (!session.ok) return err([...session.error, ...unknown]);
  if (unknown.length > 0) return err(unknown);

  const startOf = (key: string): string => (overrides.has(key) ? folder : dirname(file));
  const values = withSharedStore(withAbsolutePaths(checked.value, startOf));
  const secret = session.value;
  const own = secret.key === 'env' ? secret : ({ key: 'file', file: values.session.file } as const);
  return ok({ ...values, file, shipped, session: own });
}

/** Replicas that share their state share the stub's resources too. */
const withSharedStore = (values: ConfigValues): ConfigValues =>
  values.stub.store === 'memory' ? { ...values, stub: { ...values.stub, store: values.state } } : values;

/** The values with every path made absolute; `startOf` gives the folder that the path of a key is relative to. */
function withAbsolutePaths(values: ConfigValues, startOf: (key: string) => string): ConfigValues {
  return SETTINGS.reduce<ConfigValues>((changed, { key, path: kind }) => {
    const steps = key.split('.');
    const value = kind && memberAt(changed, steps);
    if (typeof value !== 'string') return changed;
    const prefix = kind === 'sqlite' ? SQLITE : '';
    if (!value.startsWith(prefix)) return changed;
    const absolute = prefix + resolve(startOf(key), value.slice(prefix.length));
    return withMember(changed, steps, absolute) as ConfigValues;
  }, values);
}

const memberAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, step) => (at as Readonly<Record<string, unknown>> | undefined)?.[step], value);

const namedFile = ({ file, env }: ConfigSources, flag: unknown): string | undefined =>
  file ?? (typeof flag === 'string' ? flag : undefined) ?? (env[FILE_VARIABLE] || undefined);

function readDocument(file: string): Result<DocumentNode, readonly Diagnostic[]> {
  const text = readTextSync(file);
  if (!text.ok) return err([text.error]);
  const document = readYaml(text.value, displayPath(file));
  if (!document.ok) return document;
  const twice = duplicateKeys(document.value, displayPath(file));
  return twice.length > 0 ? err(twice) : document;
}

function unknownVariables(env: ConfigSources['env']): readonly Diagnostic[] {
  const known = [...SETTINGS.map(({ variable }) => variable), FILE_VARIABLE];
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) => diagnostic('unknown-variable', `${name}: unknown variable${didYouMean(name, known)}`));
}

function unknownFlags(flags: ReadonlyMap<string, unknown>): readonly Diagnostic[] {
  const known = [...SETTINGS.map(({ flag }) => flag), FILE_FLAG];
  return [...flags.keys()]
    .filter((name) => !known.includes(name))
    .map((name) =>
      diagnostic(
        'unknown-flag',
        `--${name}: unknown flag${didYouMean(
          `--${name}`,
          known.map((flag) => `--${flag}`),
        )}`,
      ),
    );
}

function fromEnvironment(env: ConfigSources['env']): readonly Override[] {
  return SETTINGS.flatMap((setting) => {
    const text = env[setting.variable];
    if (!text) return [];
    // This one holds the key itself: that it is there says where the key comes from.
    const value = setting.key === SESSION_KEY ? 'env' : typed(setting, text);
    return [{ setting, label: setting.variable, value }];
  });
}

function fromFlags(flags: ReadonlyMap<string, unknown>): readonly Override[] {
  return SETTINGS.flatMap((setting) => {
    const value = flags.get(setting.flag);
    return value === undefined ? [] : [{ setting, label: `--${setting.flag}`, value: typed(setting, value) }];
  });
}

/** Reads a number that is written as text. Any other text stays, for the schema to reject. */
const typed = ({ isNumber }: Setting, value: unknown): unknown =>
  isNumber && typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;

/** The value with one member changed. What is no mapping stays: it is a diagnostic of the file. */
function withMember(value: unknown, [key, ...rest]: readonly string[], member: unknown): unknown {
  if (key === undefined) return member;
  const holder = value ?? {};
  if (typeof holder !== 'object' || Array.isArray(holder)) return value;
  const inside = (holder as Readonly<Record<string, unknown>>)[key];
  return { ...holder, [key]: withMember(inside, rest, member) };
}

/** A value that came from a variable or a flag is known by that name and has no line. */
function placesWith(overrides: ReadonlyMap<string, Override>, document: DocumentNode, file: string): PlaceOf {
  const inFile = placesIn(document, file);
  return (path, part) => {
    const override = overrides.get(formatPath(path));
    return override ? { label: override.label } : inFile(path, part);
  };
}

const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{43}=$/;

function readSession(
  { session }: ConfigValues,
  env: ConfigSources['env'],
  document: DocumentNode,
  file: string,
): Result<Config['session'], readonly Diagnostic[]> {
  if (session.key === 'file') return ok({ key: 'file', file: session.file });
  const text = env.AUTHZ_SESSION_KEY;
  if (!text) {
    const { label, ...place } = placesIn(document, file)(SESSION_KEY.split('.'), 'value');
    return err([
      { ...diagnostic('missing-key', `${label}: env, but AUTHZ_SESSION_KEY is not set`), ...place },
    ]);
  }
  if (!BASE64_OF_32_BYTES.test(text))
    return err([diagnostic('invalid-value', 'AUTHZ_SESSION_KEY: must be the base64 of 32 bytes')]);
  return ok({ key: 'env', secret: createSecretKey(Buffer.from(text, 'base64')) });
}

const diagnostic = (rule: string, message: string): Diagnostic => ({ severity: 'error', rule, message });

/** `decisionsFile`, as command line parsers and objects have it, is `decisions-file`. */
const kebabCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
