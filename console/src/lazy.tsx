import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from './api.ts';
import { Failure, Skeleton } from './failure.tsx';

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
    if (error) return <Failure error={error} onRetry={() => location.reload()} />;
    if (!loaded) return <Skeleton />;
    const Loaded = loaded;
    return <Loaded {...props} />;
  };
}
