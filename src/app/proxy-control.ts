import type { Health, Mode } from '../admin/health.ts';
import { version } from '../config/version.ts';
import type { DirectorySource } from '../directory/watch-files.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { PersonalizeUpstream } from '../services/personalize/upstream.ts';
import type { SharedState } from '../state/shared-state.ts';
import type { Workers } from './open-front.ts';

/** What may be seen and changed while the proxy runs. */
export function createControl({
  source,
  upstream,
  state,
  workers,
  problems: problemsNow,
}: {
  readonly source: DirectorySource;
  readonly upstream: PersonalizeUpstream;
  readonly state: SharedState;
  /** Processes that listen for this one, once there are some. */
  readonly workers: () => Workers | undefined;
  readonly problems: () => readonly Diagnostic[];
}) {
  return {
    setMode: (mode: Mode): void | Promise<void> => {
      const changing = state.setMode(mode);
      const others = workers();
      return others ? Promise.resolve(changing).then(() => others.setMode(mode)) : changing;
    },
    health: (): Health => {
      const { users, roles, policies, warnings } = source.current();
      const problems = problemsNow();
      return {
        status: problems.length === 0 ? 'ok' : 'degraded',
        version,
        mode: state.mode,
        upstream: upstream.description,
        principals: users.size + roles.size,
        policies: policies.length,
        problems: [...problems, ...warnings],
      };
    },
    reload: async (): Promise<readonly Diagnostic[]> => {
      const result = await source.reload();
      await workers()?.reload();
      return result.ok ? [] : result.error;
    },
  };
}
