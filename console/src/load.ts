import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from './api.ts';

/** Something that is read from the proxy. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  readonly retry: () => void;
}

/** Reads once for each key, and again on `retry`. What was read before stays until the next is there. */
export function useLoad<Value>(key: string, read: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const value: Signal<Value | undefined> = useSignal<Value | undefined>(undefined);
  const error = useSignal<ApiError | undefined>(undefined);
  const isLoading = useSignal(true);
  const attempt = useSignal(0);
  useEffect(() => {
    const controller = new AbortController();
    isLoading.value = true;
    read(controller.signal).then(
      (result) => {
        if (controller.signal.aborted) return;
        value.value = result;
        error.value = undefined;
        isLoading.value = false;
      },
      (cause: unknown) => {
        if (controller.signal.aborted) return;
        error.value = cause instanceof ApiError ? cause : new ApiError(0, 'Failed', String(cause));
        isLoading.value = false;
      },
    );
    return () => controller.abort();
  }, [key, attempt.value]);
  return {
    value: value.value,
    error: error.value,
    isLoading: isLoading.value,
    retry: () => {
      attempt.value += 1;
    },
  };
}
