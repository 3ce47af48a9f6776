import { useSignal } from '@preact/signals';
import { ApiError, send } from './api.ts';
import { Failure } from './failure.tsx';
import { isDisconnected } from './live.ts';
import type { WrittenPolicy } from './responses.ts';

interface ApplyProps {
  readonly policy: string;
  readonly text: string;
  /** Of the text that is replaced: the proxy refuses to overwrite another one. */
  readonly digest: string;
  readonly onApplied: () => void;
}

/** Writes a policy file, where the configuration permits it. */
export function Apply({ policy, text, digest, onApplied }: ApplyProps) {
  const error = useSignal<ApiError | undefined>(undefined);
  const done = useSignal<string | undefined>(undefined);
  const apply = async (): Promise<void> => {
    const path = `policies/${encodeURIComponent(policy)}/source`;
    try {
      const { backup } = await send<WrittenPolicy>('PUT', path, { text, ifDigest: digest });
      error.value = undefined;
      done.value = backup;
      onApplied();
    } catch (cause) {
      error.value = cause instanceof ApiError ? cause : new ApiError(0, 'Failed', String(cause));
    }
  };
  return (
    <>
      <button
        type="button"
        class="primary"
        disabled={done.value !== undefined || isDisconnected()}
        onClick={() => void apply()}
      >
        Apply
      </button>
      {done.value !== undefined && <span class="muted">Written. Backup: {done.value}</span>}
      {error.value && <Failure error={error.value} />}
    </>
  );
}
