import type { FunctionComponent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api.ts';
import { Failure, Skeleton } from './failure.tsx';
import { connection, isDisconnected } from './live.ts';

/** A component whose code is loaded when it is first shown. */
export function lazy<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
): FunctionComponent<Props> {
  let loaded: FunctionComponent<Props> | undefined;
  return function Lazy(props: Props) {
    const [, render] = useState(0);
    const [error, setError] = useState<ApiError | undefined>(undefined);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          render((count) => count + 1);
        },
        () => setError(new ApiError(0, 'NotLoaded', 'A part of the console could not be loaded.')),
      );
    }, []);
    const { state } = connection.value;
    const wasLost = useRef(false);
    useEffect(() => {
      if (error === undefined) return;
      if (state === 'lost') wasLost.current = true;
      else if (state === 'live' && wasLost.current) location.reload();
    }, [state, error]);
    // Browsers keep a module that failed, so that only the page as a whole can try again: not while nothing would answer.
    if (error)
      return <Failure error={error} {...(!isDisconnected() && { onRetry: () => location.reload() })} />;
    if (!loaded) return <Skeleton />;
    const Loaded = loaded;
    return <Loaded {...props} />;
  };
}
