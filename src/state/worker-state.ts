import { parseJson } from '../lib/parse-json.ts';
import { DecisionLog } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import type { Channel } from './channel.ts';
import type { RequestState } from './shared-state.ts';

/** The methods of the primary for the shared state. Records and parameters are JSON. */
export interface StateMethods {
  append(record: string, parameters?: string): Promise<void>;
  claimCode(serialNumber: string, step: number): boolean | Promise<boolean>;
  /** A list of all. */
  recorded(): Promise<string>;
}

/** The state of a worker: it is kept by the primary, which sets the mode. */
export interface WorkerState extends RequestState {
  setMode(mode: RequestState['mode']): void;
}

interface WorkerStateOptions {
  readonly mode: RequestState['mode'];
  /** Whether the log of the primary includes the parameters of requests. */
  readonly logsParameters: boolean;
}

/** The state of a worker. */
export function workerState(
  primary: Pick<Channel<StateMethods>, 'ask'>,
  { mode: first, logsParameters }: WorkerStateOptions,
): WorkerState {
  let mode = first;
  return {
    get mode() {
      return mode;
    },
    setMode: (wanted) => {
      mode = wanted;
    },
    log: {
      append: (record, parameters) =>
        primary.ask(
          'append',
          JSON.stringify(record),
          logsParameters ? JSON.stringify(parameters?.()) : undefined,
        ),
    },
    claimCode: (serialNumber, step) => primary.ask('claimCode', serialNumber, step),
    async recorded() {
      const log = new DecisionLog();
      for (const record of parseJson(await primary.ask('recorded')) as readonly DecisionRecord[])
        void log.append(record);
      return log;
    },
  };
}

/** The methods of the primary, on its state. */
export const stateMethods = (
  state: RequestState,
  onRecord: (record: DecisionRecord) => void,
): StateMethods => ({
  async append(text, parameters) {
    const record = parseJson(text) as DecisionRecord;
    await state.log.append(record, () => (parameters === undefined ? undefined : parseJson(parameters)));
    onRecord(record);
  },
  claimCode: state.claimCode,
  recorded: async () => JSON.stringify((await state.recorded()).list()),
});
