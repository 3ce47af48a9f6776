import { CopyButton } from '../copy-button.tsx';

/** What to do where nothing has happened yet. */
export function FirstCall({ upstream }: { upstream: string | undefined }) {
  const command = `eval "$(npx personalize-authz-proxy env --as alice)"\naws personalize list-dataset-groups`;
  return (
    <div class="empty">
      <h2>No decisions yet</h2>
      <p>Every call that reaches the proxy appears here. Try one:</p>
      <pre class="snippet">{command}</pre>
      <CopyButton text={command} label="Copy the commands" />
      {upstream !== undefined && <p class="muted">Authorized calls go to: {upstream}.</p>}
    </div>
  );
}
