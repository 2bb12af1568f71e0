/**
 * A canvas that the worker draws. The element is handed over once and stays; the page only reports
 * its size.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { CanvasName } from '../messages.ts';
import { sendToWorker, transferCanvas } from './panel-link.ts';

export function useCanvas(name: CanvasName) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current!;
    transferCanvas(name, canvas);
    const sendSize = () => {
      const { width, height } = canvas.getBoundingClientRect();
      sendToWorker({ type: 'size', name, width, height, ratio: window.devicePixelRatio });
    };
    const observer = new ResizeObserver(sendSize);
    observer.observe(canvas);
    // Moving the window to another screen changes the ratio, not the size.
    window.addEventListener('resize', sendSize);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', sendSize);
    };
  }, []);
  return ref;
}
