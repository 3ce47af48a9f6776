import type { ApiError } from './api.ts';
import { Icon } from './icons.tsx';

/** An error with its code, its sentence, and a way to try again. */
export const Failure = ({ error, onRetry }: { error: ApiError; onRetry?: () => void }) => (
  <div class="failure" role="alert">
    <p>
      <Icon name="warning" /> <b>{error.code}</b> {error.message}
    </p>
    {onRetry && (
      <button type="button" onClick={onRetry}>
        <Icon name="reset" />
        Retry
      </button>
    )}
  </div>
);

/** Appears only where reading takes longer than a moment. */
export const Skeleton = () => <div class="skeleton" aria-hidden="true" />;
