// Reports are exported, two at a time; pictures count as well.
const { Semaphore } = require('async-mutex');
const { setTimeout: delay } = require('node:timers/promises');

class Exporter {
  constructor() {
    this.permits = new Semaphore(2);
  }

  async run(report) {
    const [, release] = await this.permits.acquire();
    try {
      await delay(5);
      const pictures = await this.pictures(report);
      return `${report}: ${pictures}`;
    } finally {
      release();
    }
  }

  async pictures(report) {
    const [, release] = await this.permits.acquire();
    try {
      await delay(5);
      return report.length;
    } finally {
      release();
    }
  }
}

const exporter = new Exporter();
for (const report of ['sales', 'stock', 'staff']) exporter.run(report).then(console.log);
