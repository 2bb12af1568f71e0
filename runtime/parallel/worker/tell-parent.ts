/** The worker's end of the side channel. */
import { parentChannel } from './parent-channel.ts';

/** @param channel the listener's number. @throws DataCloneError for what cannot be cloned. */
export function tellParent(channel: number, value: unknown): void {
  parentChannel.post({ channel, value }, []);
}
