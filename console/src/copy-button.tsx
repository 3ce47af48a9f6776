import { useSignal } from '@preact/signals';
import { announce } from './announce.ts';
import { Icon } from './icons.tsx';

/** Copies a text, and says that it has. */
export function CopyButton({
  text,
  label,
}: {
  text: string | (() => string | Promise<string>);
  label: string;
}) {
  const isDone = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
    } catch (cause) {
      problem.value = cause instanceof Error ? cause.message : String(cause);
      return;
    }
    problem.value = undefined;
    isDone.value = true;
    announce('Copied.');
    setTimeout(() => {
      isDone.value = false;
    }, 1_500);
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        <Icon name={isDone.value ? 'check' : 'copy'} />
        {isDone.value ? 'Copied' : label}
      </button>
      {problem.value !== undefined && (
        <p role="alert" class="note">
          {problem.value}
        </p>
      )}
    </>
  );
}
