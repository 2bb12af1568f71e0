import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pythonTestsIn, testAtLine } from '../../runtime/launch/python-tests.ts';

const FILE = `import asyncio
import unittest
import pytest

def helper():
    def test_inner(): pass

async def test_adds():
    await asyncio.sleep(0)

@pytest.mark.parametrize(
    "n", [1, 2]
)
def test_each(n): pass

@pytest.mark.skip
def test_off(): pass

@unittest.skipIf(True, "windows")
def test_perhaps(): pass

if True:
    def test_in_a_branch(): pass

class TestOrders:
    """def test_text(): pass"""
    def test_late(self): pass
    class TestInner:
        def test_deep(self): pass

class Empty: pass

class TestHelpers:
    def make(self): pass

class Cases(unittest.IsolatedAsyncioTestCase):
    def setUp(self): pass
    async def test_waits(self): pass

class More(Cases):
    def test_more(self): pass

class Store:
    def test_connection(self): pass
`;

const shown = (file: string, text = FILE): string[] =>
  pythonTestsIn(file, text).map(
    ({ line, titles, kind, isUnittest }) =>
      `${line + 1} ${titles.join('.')}${kind === 'class' ? ' class' : ''}${isUnittest ? ' unittest' : ''}`,
  );

describe('the tests in a Python file', () => {
  it('are what pytest collects in a file that is named like tests', () => {
    assert.deepEqual(shown('/work/test_orders.py'), [
      '8 test_adds',
      '11 test_each',
      '19 test_perhaps',
      '23 test_in_a_branch',
      '25 TestOrders class',
      '27 TestOrders.test_late',
      '28 TestOrders.TestInner class',
      '29 TestOrders.TestInner.test_deep',
      '36 Cases class unittest',
      '38 Cases.test_waits unittest',
      '40 More class unittest',
      '41 More.test_more unittest',
    ]);
  });

  it('are the classes of unittest in any other file', () => {
    const own = ['36 Cases class', '38 Cases.test_waits', '40 More class', '41 More.test_more'];
    assert.deepEqual(
      shown('/work/orders.py'),
      own.map((line) => `${line} unittest`),
    );
  });

  it('are known at any line of theirs, decorators included', () => {
    const at = (line: number): string | undefined =>
      testAtLine('/work/test_orders.py', FILE, line - 1)?.titles.join('.');
    assert.equal(at(1), undefined);
    assert.equal(at(9), 'test_adds');
    assert.equal(at(12), 'test_each');
    assert.equal(at(25), 'TestOrders');
  });
});
