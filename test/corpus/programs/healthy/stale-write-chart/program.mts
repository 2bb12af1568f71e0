// A chart that is drawn anew whenever its range changes.
import { setTimeout as delay } from 'node:timers/promises';

type Point = readonly [x: number, y: number];

async function loadPoints(days: number): Promise<Point[]> {
  await delay(days > 30 ? 260 : 30);
  return Array.from({ length: days }, (_, x): Point => [x, x * x]);
}

class Chart {
  days = 365;
  points: readonly Point[] = [];
  #timer: NodeJS.Timeout | undefined;

  choose(days: number): void {
    this.days = days;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.redraw(), 5);
  }

  async redraw(): Promise<void> {
    const { days } = this;
    const points = await loadPoints(days);
    if (days !== this.days) return;
    this.render(points);
  }

  render(points: readonly Point[]): void {
    this.points = points;
  }
}

const chart = new Chart();
chart.choose(365);
await delay(60);
chart.choose(7);
await delay(400);
console.log('chosen', chart.days, 'drawn', chart.points.length);
