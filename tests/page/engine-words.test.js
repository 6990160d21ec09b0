// What the Rust core says, in Chinese: every sentence and every part of one that stands in src/ has its Chinese form in
// www/zh/engine.js, and nothing stands there that the core no longer says.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

const { engineSentence, sentences } = await import(new URL('../../www/zh/engine.js', import.meta.url).href);
const { text } = await import(new URL('../../www/zh/api.js', import.meta.url).href);

const src = new URL('../../src/', import.meta.url);
/** Files whose texts nobody reads: tests, shaders and the names of the self-check's parts. Why a model has no linear head is told by
 * language.test.js. */
const UNREAD = /tests|^engine\/(self_check|wonnx\/(elementwise|kernels|measure|template))\.rs$|^onnx\/head\/linear\.rs$/;
/** Texts of the same look that are no sentences: names that are made for values, forms of `Debug`, magic bytes. */
const NAMES = new Set(['{} in order', '{} in numbers', '{} from', '{} up to {}', '{} is reached', '{}/input {} at another size', 'Bytes32({} bytes)', 'Floats({} values)', 'dimension_proto::Value',
  '<!doctype html', 'JPEG XL']);
/** A text that a person would read as English, once its values are in place. */
const isEnglish = (key) => /[A-Za-z]{2,}[ ,;:]+[A-Za-z]{2,}/.test(key.replaceAll('{}', 'xx'));

/** The string literals of Rust code that say something to a user: none of a comment, of bytes, of `expect` or of a lint's reason. */
function literals(code) {
  const found = [];
  const pattern = /\/\/[^\n]*|'(?:\\.[^']*|[^\\'])'|\br(#*)"[^]*?"\1|(b?)"((?:[^"\\]|\\[^])*)"/g;
  for (const { 0: whole, 2: bytes, 3: literal, index } of code.matchAll(pattern)) {
    if (!whole.endsWith('"') || literal === undefined || bytes) continue;
    if (/(reason = |expect\(|unreachable!\()\s*$/.test(code.slice(Math.max(0, index - 40), index))) continue;
    found.push(literal.replace(/\\\n\s*/g, '').replaceAll('\\"', '"'));
  }
  return found;
}

/** A text as it stands in the table: `{}` for each value, whether it comes in quotes or not; no full stop, and a small letter first. */
function keyOf(literal) {
  const key = literal.replace(/\{[^{}]*\}/g, '{}').replaceAll('"{}"', '{}').replace(/\.$/, '');
  return /^[A-Z][a-z]* /.test(key) ? key[0].toLowerCase() + key.slice(1) : key;
}

const spoken = new Set();
for (const path of readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.rs') && !UNREAD.test(path))) {
  for (const literal of literals(readFileSync(new URL(path, src), 'utf8').split('#[cfg(test)]')[0])) spoken.add(keyOf(literal));
}

test('every sentence of the core has its Chinese form', () => {
  const known = new Set(Object.keys(sentences).map(keyOf));
  assert.ok(spoken.size > 400);
  assert.deepEqual([...spoken].filter((key) => isEnglish(key) && !NAMES.has(key) && !known.has(key)), []);
});

test('the table holds nothing that the core does not say', () => {
  assert.deepEqual(Object.keys(sentences).filter((english) => !spoken.has(keyOf(english))), []);
});

test('every Chinese form has the values of the English one, and no English beside names', () => {
  const names = /[$&]\d|ONNX|onnx|Git LFS|git lfs pull|PyTorch|torch\.onnx\.export\(model, example, "model\.onnx"\)|torch\.onnx\.export|Keras|HDF5|python -m tf2onnx\.convert( --tflite model\.tflite --output model\.onnx)?|tf2onnx(\.convert\.from_keras)?|Python pickle|Python|GGUF|safetensors|TensorFlow( Lite|\.js)|logits、softmax 或 sigmoid/g;
  for (const [english, chinese] of Object.entries(sentences)) {
    const places = new Set(Array.from(chinese.matchAll(/[$&](\d)/g), ([, place]) => Number(place)));
    const count = english.split('{}').length - 1;
    assert.deepEqual([...places].sort(), Array.from({ length: count }, (_, place) => place + 1), english);
    assert.doesNotMatch(chinese.replace(names, '·'), /[A-Za-z]{2,}[ ,.:;]+[A-Za-z]{2,}/, chinese);
  }
});

test('a sentence is told with its values, those within a value too', () => {
  const told = {
    'In node "up1": operator Resize is not supported: mode "cubic".': '节点“up1”：算子 Resize 不受支持：mode 为“cubic”',
    'In node "a: b": Reshape is not valid: [1, 3] cannot become [4].': '节点“a: b”：Reshape 无效：[1, 3] 不能变成 [4]',
    'This is a Keras file, not an ONNX model; convert it with python -m tf2onnx.convert, or in Python with tf2onnx.convert.from_keras.':
      '这是一个 Keras 文件，不是 ONNX 模型；请用 python -m tf2onnx.convert 转换，或在 Python 中用 tf2onnx.convert.from_keras',
    'Several of the files may be "w.bin"; choose the folder that holds the model, so that their paths tell them apart.':
      '有好几个文件都可能是“w.bin”；请选择模型所在的文件夹，这样可以由路径区分它们',
    'All results of the model are texts or tables of texts; export it with its scores as a result.': '模型的结果全是文字或文字表；请重新导出，让得分也成为结果',
    'The function Gelu that the file defines cannot be read: it calls itself.': '文件里定义的函数 Gelu 无法读取：它调用自己',
    'This 12-bit JPEG picture could not be read: neither Featurescope nor this browser can decode it. Save it as PNG or as a common JPEG first.':
      '这张 12 位 JPEG 图片无法读取：Featurescope 和这个浏览器都解不了码。请先另存为 PNG 或普通的 JPEG',
    'The model\'s input has the shape 3 × 4. One with four dimensions is needed: batch, channels, height and width.': '模型输入的形状是 3 × 4，而需要四个维度：批、通道、高、宽',
  };
  for (const [english, chinese] of Object.entries(told)) assert.equal(engineSentence(english), chinese);
  assert.equal(engineSentence('Nobody says this'), null);
  // What another library says.
  assert.equal(engineSentence('The file is not an ONNX model (failed to decode Protobuf message).'), '这个文件不是 ONNX 模型');
  assert.equal(engineSentence('The file is not an ONNX model (byte 7 is no field of a model).'), '这个文件不是 ONNX 模型（第 7 个字节不是模型的字段）');
  assert.equal(engineSentence('This PNG file is damaged (invalid signature).'), '这个 PNG 文件已损坏');
  assert.equal(engineSentence('The engine failed: mapping was lost.'), '引擎出错：mapping was lost');
});

test('what another library says in few words is left as it is, and never half told', () => {
  const others = ['Device is lost.', 'Image is too large.', 'There is no memory left.', 'The input buffer overflowed.', 'Worker has no memory.', 'Canvas has the shape square.', 'Buffers are full.', 'Context cannot become current.'];
  for (const english of others) {
    assert.equal(engineSentence(english), null, english);
    assert.equal(engineSentence(`The engine failed: ${english}`), `引擎出错：${english.slice(0, -1)}`);
  }
  // Ours say the same of names in quotes, of numbers and of shapes, and of anything within a sentence that is ours.
  const ours = {
    'A dimension is 0.': '某个维度为 0',
    'The input "x" is missing.': '输入“x”缺失',
    '[1, 3] is too large.': '[1, 3] 太大',
    '"relu" has the shape [1, 3].': '“relu”的形状是 [1, 3]',
    'In node "a": operator Resize is not in the core set.': '节点“a”：算子 Resize 不在核心算子集里',
    'In node "a": operator Conv is not supported: auto_pad is SAME.': '节点“a”：算子 Conv 不受支持：auto_pad 为 SAME',
    'The function F that the file defines cannot be read: in node "a": Reshape is not valid: a dimension would be [3, 4].': '文件里定义的函数 F 无法读取：节点“a”：Reshape 无效：某个维度会是 [3, 4]',
  };
  for (const [english, chinese] of Object.entries(ours)) assert.equal(engineSentence(english), chinese);
});

test('a name that can be read as sentences within sentences in many ways takes no longer for that', () => {
  const whole = RegExp.prototype.exec;
  let looked = 0;
  RegExp.prototype.exec = function exec(text) {
    looked += 1;
    return whole.call(this, text);
  };
  try {
    for (const [from, to] of [['aa bb', ' are aa bb is aa bb'], ['a', ' is a are a'], ['a', ' has a'], ['a×b', ' and a×b'], ['it', ' is in node "a": it']]) {
      for (const times of [1, 16, 40, 100, 200]) {
        looked = 0;
        engineSentence(`In node "x": operator ${from}${to.repeat(times)} is not supported: there is no lowering for it.`.slice(-2000));
        // At the most a hundred texts are held against each pattern.
        assert.ok(looked <= 110 * Object.keys(sentences).length, `${times} times “${to}”: ${looked}`);
      }
    }
  } finally {
    RegExp.prototype.exec = whole;
  }
});

test('what the core reports is told so by the page\'s errors, and what it does not say by its kind', async () => {
  // The table loads by itself, and nothing waits for it.
  for (let times = 0; times < 100 && text.errors.engine('bad-model', 'The file is empty.').includes('empty'); times++) await setTimeout(10);
  assert.equal(text.errors.engine('bad-model', 'The file is empty.'), '文件是空的。');
  assert.equal(text.errors.engine('engine-failed', 'Out of luck.'), '引擎没能完成计算（Out of luck）。');
});
