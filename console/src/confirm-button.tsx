import { useRef } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';

interface ConfirmButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly question: string;
  readonly isDisabled?: boolean;
  readonly onConfirm: () => void;
}

/** Asks before it does what cannot be undone. */
export function ConfirmButton({ icon, label, question, isDisabled = false, onConfirm }: ConfirmButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" disabled={isDisabled} onClick={() => dialog.current?.showModal()}>
        <Icon name={icon} />
        {label}
      </button>
      <dialog ref={dialog} aria-label={label}>
        <p>{question}</p>
        <div class="actions">
          <button
            type="button"
            class="primary"
            onClick={() => {
              dialog.current?.close();
              onConfirm();
            }}
          >
            {label}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </dialog>
    </>
  );
}
