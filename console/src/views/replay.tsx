import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { ApiError, call } from '../api.ts';
import { countOf, drafts, editsOf } from '../drafts.ts';
import { Failure } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { isDisconnected } from '../live.ts';
import { Badge, DECISIONS } from '../outcome.tsx';
import type { Change, ReplayLine } from '../responses.ts';
import { hrefOf, hrefOfDecisions } from '../route.ts';
import { actionName, plural, shortArn } from '../text.ts';

/** All recorded calls under the edits of Simulate; only what changes. */
export function Replay() {
  const changes = useSignal<readonly Change[]>([]);
  const progress = useSignal<{ done: number; total: number } | undefined>(undefined);
  const finished = useSignal<Extract<ReplayLine, { type: 'done' }> | undefined>(undefined);
  const error = useSignal<ApiError | undefined>(undefined);
  const running = useRef<AbortController>(undefined);
  const take = (line: ReplayLine): void => {
    if (line.type === 'progress') progress.value = line;
    else if (line.type === 'change') changes.value = [...changes.value, line];
    else finished.value = line;
  };
  const run = async (): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    changes.value = [];
    finished.value = undefined;
    error.value = undefined;
    progress.value = { done: 0, total: 0 };
    try {
      const body = { policies: editsOf(drafts.value) };
      const response = await call('replay', { method: 'POST', body, signal: controller.signal });
      for await (const line of linesOf(response)) take(JSON.parse(line) as ReplayLine);
    } catch (cause) {
      if (!controller.signal.aborted)
        error.value = cause instanceof ApiError ? cause : new ApiError(0, 'Failed', String(cause));
    }
    progress.value = undefined;
  };
  const edits = countOf(drafts.value);
  return (
    <div class="page">
      <div class="toolbar">
        <span>
          {plural(edits, 'edit')}:{' '}
          <span class="mono">
            {[
              ...Object.keys(drafts.value.texts),
              ...drafts.value.off.map((name) => `without ${name}`),
              ...drafts.value.offLayers.map((name) => `without ${name}`),
            ].join(', ') || 'none'}
          </span>
        </span>
        <a href={hrefOf('simulate')}>Edit policies</a>
        <span class="space" />
        {progress.value === undefined ? (
          <button type="button" class="primary" disabled={isDisconnected()} onClick={() => void run()}>
            <Icon name="play" />
            Replay
          </button>
        ) : (
          <>
            <progress
              aria-label="Replayed decisions"
              value={progress.value.done}
              max={Math.max(1, progress.value.total)}
            />
            <button type="button" onClick={() => running.current?.abort()}>
              Stop
            </button>
          </>
        )}
      </div>
      <div class="scroll" tabIndex={0}>
        {error.value && <Failure error={error.value} onRetry={() => void run()} />}
        {finished.value === undefined && changes.value.length === 0 && progress.value === undefined && (
          <p class="empty">
            Replays every recorded call with the edits made in Simulate, and shows which decisions change.
          </p>
        )}
        {finished.value && (
          <p>
            {finished.value.changes === 0
              ? `No change in ${plural(finished.value.decisions, 'call')}.`
              : `${plural(finished.value.changes, 'change')} in ${plural(finished.value.decisions, 'call')}.`}
          </p>
        )}
        {changes.value.length > 0 && <Changes changes={changes.value} />}
      </div>
    </div>
  );
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    const lines = (text + read.value).split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
}

const Changes = ({ changes }: { changes: readonly Change[] }) => (
  <div class="scroll-x" tabIndex={0}>
    <table>
      <caption class="hidden">Decisions that change</caption>
      <thead>
        <tr>
          <th scope="col">Before</th>
          <th scope="col">After</th>
          <th scope="col">Calls</th>
          <th scope="col">Principal</th>
          <th scope="col">Action</th>
          <th scope="col">Resource</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ was, now, count, principal, action, resource, because, decisions }) => (
          <tr key={`${principal}${action}${resource}${was.decision}`}>
            <td>
              <Badge {...DECISIONS[was.decision]} />
            </td>
            <td>{now ? <Badge {...DECISIONS[now.decision]} /> : 'no principal'}</td>
            <td>
              <a href={hrefOfDecisions(decisions)}>{count}</a>
            </td>
            <td class="mono">{shortArn(principal)}</td>
            <td class="mono">{actionName(action)}</td>
            <td class="mono">{shortArn(resource)}</td>
            <td>{because}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
