import { sqliteStore } from '../../../src/services/personalize/store/sqlite.ts';
import { stubClient } from './stub-client.ts';

/** Creates dataset groups in a sqlite file, a line of output for each that was answered, until it is killed. */
const { call } = stubClient({ store: sqliteStore(process.argv[2] as string) });
for (let index = 0; ; index++) {
  await call('CreateDatasetGroup', { name: `group-${index}` });
  process.stdout.write(`${index}\n`);
}
