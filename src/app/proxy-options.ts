import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from '../config/read-config.ts';
import type { SettingValues } from '../config/settings.ts';
import type { Directory } from '../directory/directory.ts';
import type { PrincipalsInput } from '../directory/principals-input.ts';
import { DirectoryReader, readDirectory, readDirectoryInput } from '../directory/read-directory.ts';
import { type DirectorySource, fixedDirectory, watchFiles } from '../directory/watch-files.ts';
import type { Clock } from '../lib/clock.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { ok, type Result } from '../lib/result.ts';
import { StartError } from '../lib/start-error.ts';
import { UnavailableError } from '../lib/unavailable-error.ts';
import type { DecisionRecord } from '../records/decision-record.ts';

/**
 * Settings by the names of their flags, in camelCase; they take precedence over the configuration file. `port` and
 * `tlsPort` default to 0, a free port.
 */
export type SettingOptions = Omit<SettingValues, 'principals' | 'policies' | 'sessionKey' | 'workers'>;

/** Who exists and what they may do: files that are watched, or objects. */
export type FolderOptions =
  | { readonly principals?: string; readonly policies?: string }
  | { readonly principals: PrincipalsInput; readonly policies?: Readonly<Record<string, unknown>> };

export type ProxyOptions = SettingOptions &
  FolderOptions & {
    /** `proxy.yaml`; `config/proxy.yaml` of the working folder where it is not given, else the shipped one. */
    readonly config?: string;
    /** `AUTHZ_*` variables; none unless they are given, so that a test does not depend on them. */
    readonly env?: Readonly<Record<string, string | undefined>>;
    /** Settings from a command line, by flag; they replace all the settings above. */
    readonly flags?: Readonly<Record<string, unknown>>;
    readonly clock?: Clock;
    readonly onNotice?: (notice: Notice) => void;
  };

/** A notice for the person at the terminal. */
export type Notice =
  | { readonly kind: 'decision'; readonly record: DecisionRecord }
  | { readonly kind: 'reloaded'; readonly directory: Directory }
  | { readonly kind: 'reloaded-fixtures' }
  | { readonly kind: 'problems'; readonly diagnostics: readonly Diagnostic[] }
  /** What works, but not as far as it could. */
  | { readonly kind: 'advice'; readonly message: string }
  /** Of the program, or of one request: there can be any number of the latter. */
  | { readonly kind: 'failure'; readonly message: string; readonly isOfRequest?: true };

/** The shipped configuration: the defaults, and the documentation's examples. */
const SHIPPED_CONFIG = fileURLToPath(new URL('../../config/proxy.yaml', import.meta.url));

/** The configuration that the options name. @throws StartError */
export function loadConfig(options: ProxyOptions): Config {
  const { config, env = {}, clock: _, onNotice: __, principals, policies, flags, ...settings } = options;
  const given = {
    ...(flags ?? { port: 0, tlsPort: 0, ...settings }),
    ...(typeof principals === 'string' && { principals }),
    ...(typeof policies === 'string' && { policies }),
  };
  // Principals that are given as objects are all there is: no file of the working folder plays a part.
  const file = config ?? (typeof principals === 'object' ? SHIPPED_CONFIG : undefined);
  const read = readConfig({ env, flags: given, ...(file !== undefined && { file }) });
  if (!read.ok) throw new StartError('configuration', read.error);
  return read.value;
}

/** The folder, watched, or the objects given in its place. @throws StartError */
export async function openDirectory(
  options: ProxyOptions,
  config: Config,
  onNotice: (notice: Notice) => void,
  onReload: (result: 'loaded' | 'refused') => void,
): Promise<DirectorySource> {
  const { account, partition, principals: principalsFile, policies: policiesFolder } = config;
  const { principals, policies } = options;
  const reader = new DirectoryReader({ principalsFile, policiesFolder, account, partition });
  const opened =
    typeof principals === 'object'
      ? await fixed(
          readDirectoryInput({
            principals,
            account,
            partition,
            ...(typeof policies === 'object' && { policies }),
          }),
        )
      : await watchFiles((files, changed) => reader.read(files, changed), [principalsFile, policiesFolder], {
          onReload: (directory) => {
            onReload('loaded');
            onNotice({ kind: 'reloaded', directory });
          },
          onProblem: (diagnostics) => {
            onReload('refused');
            onNotice({ kind: 'problems', diagnostics });
          },
        });
  if (!opened.ok) throw new StartError(subjectOf(opened.error, policiesFolder), opened.error);
  return opened.value;
}

/** The folder as it is now, for a command that asks it once. @throws StartError */
export async function readFolder(config: Config): Promise<Directory> {
  const { account, partition, principals: principalsFile, policies: policiesFolder } = config;
  const read = await readDirectory({ principalsFile, policiesFolder, account, partition });
  if (!read.ok) throw new StartError(subjectOf(read.error, policiesFolder), read.error);
  return read.value;
}

/** The value, where nothing was wrong with what the configuration names. @throws StartError */
export function orStartError<Value>(result: Result<Value, readonly Diagnostic[]>): Value {
  if (!result.ok) throw new StartError('configuration', result.error);
  return result.value;
}

export const noticeOfFixtures =
  (onNotice: (notice: Notice) => void) =>
  (diagnostics: readonly Diagnostic[]): void =>
    onNotice(diagnostics.length > 0 ? { kind: 'problems', diagnostics } : { kind: 'reloaded-fixtures' });

async function fixed(
  reading: ReturnType<typeof readDirectoryInput>,
): Promise<Result<DirectorySource, readonly Diagnostic[]>> {
  const read = await reading;
  return read.ok ? ok(fixedDirectory(read.value)) : read;
}

/** Exit codes distinguish invalid policies from other errors. */
function subjectOf(diagnostics: readonly Diagnostic[], policiesFolder: string): StartError['subject'] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const inFolder = ({ file }: Diagnostic): boolean =>
    file !== undefined && resolve(file).startsWith(policiesFolder + sep);
  return errors.every(inFolder) ? 'policies' : 'configuration';
}

/** With the stack, except where a service is unavailable: the message says which and why. */
export function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause instanceof UnavailableError ? cause.message : (cause.stack ?? cause.message);
}
