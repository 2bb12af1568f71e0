/** Copies what the details say of the selection, or of the whole trace, as text. */
import { plain } from '../../runtime/trace/words/sentence.ts';
import type { FindingView } from '../messages.ts';
import { sendToHost } from './host.ts';
import { endWords, overview, selection, summary } from './state.ts';

export function CopyButton() {
  const copy = () => sendToHost({ type: 'copy', text: detailsText() });
  return (
    <button type="button" class="link copy" onClick={copy}>
      Copy
    </button>
  );
}

/** With the sentence of the answer strip, so that the copy can be read by itself. */
function detailsText(): string {
  const lines = selection.value ? selectionLines(selection.value) : wholeLines();
  return [endWords.value, ...lines].filter((line) => line !== '').join('\n');
}

function selectionLines({ sentences, details, findings }: NonNullable<typeof selection.value>) {
  const detailLines = details.map(({ label, value }) => `${label}: ${plain(value)}`);
  return [...sentences.map(plain), ...detailLines, ...findings.map(findingLine)];
}

function wholeLines() {
  const { findings, waits, explainedShare } = overview.value;
  const waitLines = waits.map(({ words }) => plain(words));
  return [plain(summary.value), ...findings.map(findingLine), ...waitLines, plain(explainedShare)];
}

const findingLine = ({ severity, words }: FindingView) => `${severity}: ${plain(words)}`;
