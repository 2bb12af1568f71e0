/** The first line answers: about the selection, or else about the whole. Troubles stand above it. */
import { Icon } from './icon.tsx';
import { endWords, phase, selection, summary, troubles } from './state.ts';
import { Words } from './words.tsx';

export function Answer() {
  if (phase.value === 'empty') return null;
  const chosen = selection.value;
  return (
    <div class="answer">
      {troubles.value.map((words) => (
        <p key={words} class="trouble" role="alert">
          <Icon name="warning" /> {words}
        </p>
      ))}
      <p aria-live="polite" class="sentence">
        {chosen?.why[0] ? (
          <Words of={chosen.why[0]} />
        ) : (
          <>
            {endWords.value !== '' && `${endWords.value} `}
            {summary.value.length > 0 ? (
              <Words of={summary.value} />
            ) : (
              endWords.value === '' && 'Waiting for the first events…'
            )}
          </>
        )}
      </p>
    </div>
  );
}
