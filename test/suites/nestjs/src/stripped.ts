/**
 * The server as far as Node's own stripping of types goes: decorators are called, for they are not
 * JavaScript yet.
 */
import 'reflect-metadata';
import { Controller, Get, Inject, Injectable, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setTimeout as sleep } from 'node:timers/promises';

class Store {
  #asked = 0;

  async find(id: string): Promise<{ id: string; asked: number }> {
    await sleep(1);
    return { id, asked: ++this.#asked };
  }
}
Injectable()(Store);

class Tasks {
  readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async one(id: string): Promise<unknown> {
    if (id === 'none') throw new Error('none');
    return await this.store.find(id);
  }
}
const describe = Object.getOwnPropertyDescriptor(Tasks.prototype, 'one')!;
Inject(Store)(Tasks, undefined, 0);
Param('id')(Tasks.prototype, 'one', 0);
Get(':id')(Tasks.prototype, 'one', describe);
Controller('tasks')(Tasks);

class App {}
Module({ controllers: [Tasks], providers: [Store] })(App);

const app = await NestFactory.create(App, { logger: false });
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
