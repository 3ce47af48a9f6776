import type { KeyObject } from 'node:crypto';
import type { Config } from '../config/read-config.ts';
import { ok } from '../lib/result.ts';
import { StartError } from '../lib/start-error.ts';
import {
  createSessionKey,
  randomSessionKey,
  readSessionKey,
  sessionKeyFile,
} from '../sessions/session-key.ts';
import { type CredentialIssuer, createCredentialIssuer } from '../sessions/temporary-credentials.ts';
import type { Notice, ProxyOptions } from './proxy-options.ts';

/**
 * The key of sessions: the one of the environment or of the file beside the configuration, made when it is first asked
 * for; where that cannot be written, one that ends with the process. A directory that is given as objects always has such
 * a one: no file plays a part.
 * @throws StartError where the file is there and holds no key
 */
export function openSessionKey(
  { principals }: Pick<ProxyOptions, 'principals'>,
  { session, file: configFile }: Config,
  onNotice: (notice: Notice) => void,
): () => KeyObject {
  if (session.key === 'env') return () => session.secret;
  const file = session.file ?? sessionKeyFile(configFile);
  const isAlone = typeof principals === 'object';
  const read = isAlone ? ok(randomSessionKey()) : readSessionKey(file);
  if (!read.ok) throw new StartError('configuration', [read.error]);
  let key: KeyObject | undefined = read.value;
  const make = (): KeyObject => {
    const made = createSessionKey(file);
    if (made.ok) return made.value;
    const message = `${made.error.file} ${made.error.message}. Sessions end when this process does; AUTHZ_SESSION_KEY gives them a key that stays.`;
    onNotice({ kind: 'advice', message });
    return randomSessionKey();
  };
  return () => {
    key ??= make();
    return key;
  };
}

/** Who issues temporary credentials that every proxy with this configuration honours. @throws as `openSessionKey` */
export const openCredentialIssuer = (config: Config, onNotice: (notice: Notice) => void): CredentialIssuer =>
  createCredentialIssuer({ sessionKey: openSessionKey({}, config, onNotice) });
