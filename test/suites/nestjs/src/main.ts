import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { App } from './tasks';

async function main(): Promise<void> {
  const app = await NestFactory.create(App, { logger: ['error'] });
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  console.log(await app.getUrl());
}

void main();
