import type { Health, Mode } from '../admin/health.ts';
import type { Config } from '../config/read-config.ts';
import { version } from '../config/version.ts';
import type { DirectorySource } from '../directory/watch-files.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { PersonalizeUpstream } from '../services/personalize/upstream.ts';

/** What may be seen and changed while the proxy runs. */
export function createControl(
  config: Config,
  {
    source,
    upstream,
    problems: problemsNow,
  }: {
    readonly source: DirectorySource;
    readonly upstream: PersonalizeUpstream;
    readonly problems: () => readonly Diagnostic[];
  },
) {
  let { mode } = config;
  return {
    get mode() {
      return mode;
    },
    setMode: (wanted: Mode): void => {
      mode = wanted;
    },
    health: (): Health => {
      const { users, roles, policies, warnings } = source.current();
      const problems = problemsNow();
      return {
        status: problems.length === 0 ? 'ok' : 'degraded',
        version,
        mode,
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
