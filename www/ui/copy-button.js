import { h, setText } from './dom.js';

/**
 * A button that copies something, and says when it has.
 * @param {{ copy: string, copied: string }} labels
 * @param {{ content: () => string, select: () => void, className?: string, disabled?: boolean, onCopy?: () => void }} options `select`: selects what
 *   is to be copied, for browsers whose clipboard is closed to pages
 */
export function copyButton(labels, { content, select, className = 'small', disabled = false, onCopy }) {
  const button = h(
    'button',
    {
      type: 'button',
      className,
      disabled,
      onclick: async () => {
        onCopy?.();
        try {
          await navigator.clipboard.writeText(content());
          setText(button, labels.copied);
        } catch {
          select();
        }
      },
    },
    labels.copy,
  );
  return { button, reset: () => setText(button, labels.copy) };
}
