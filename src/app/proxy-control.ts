import type { Health, Mode } from '../admin/health.ts';
import { version } from '../config/version.ts';
import type { DirectorySource } from '../directory/watch-files.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { PersonalizeUpstream } from '../services/personalize/upstream.ts';
import type { SharedState } from '../state/shared-state.ts';

/** What may be seen and changed while the proxy runs. */
export function createControl({
  source,
  upstream,
  state,
  problems: problemsNow,
}: {
  readonly source: DirectorySource;
  readonly upstream: PersonalizeUpstream;
  readonly state: SharedState;
  readonly problems: () => readonly Diagnostic[];
}) {
  return {
    setMode: (mode: Mode): void | Promise<void> => state.setMode(mode),
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
      return result.ok ? [] : result.error;
    },
  };
}
