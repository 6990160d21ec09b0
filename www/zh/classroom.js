import { formatNumber, formatPercent } from '../api/numbers.js';

export const text = {
  heading: '课堂',
  close: '关闭课堂',
  modes: {
    predict: '先预测',
    present: '演示',
    camera: '摄像头',
  },
  about: {
    predict: '先猜哪张特征图会激活，再看结果。答案只留在这个标签页里。',
    present: '一次只显示一幅图，用大字。左右方向键翻页，Esc 结束。',
    camera: '网络一帧一帧地看摄像头的画面。不录制，也不发送任何东西。',
  },

  predict: {
    question: '这些特征图中，哪一张对这张照片激活最强？',
    /** @param {number} photos */
    hint: (photos) => `每一行是一张特征图，叠加在另外 ${photos} 张照片上。它好像在找什么？在这张照片里能在哪里找到？`,
    /** @param {string} name */
    asked: (name) => `要预测的照片：${name}`,
    maps: '你的预测',
    /** @param {number} map */
    map: (map) => `特征图 ${map}`,
    why: '你为什么这样想？（可不填）',
    show: '看结果',
    next: '下一张照片',
    choose: '请先选一张特征图。',
    working: '网络正在看这些照片…',
    tooFew: '这里至少需要两张照片，并且所选的层中要有特征图对它们激活。',
    /** @param {import('../classroom/text.js').Fires} strongest @param {import('../classroom/text.js').Fires | null} chosen */
    result: (strongest, chosen) =>
      `${chosen ? '不是这张：' : '对了：'}其中特征图 ${strongest.map} 激活最强（均值 ${formatNumber(strongest.mean)}），${strongest.where}，占照片的 ${formatPercent(strongest.share)}。${
        chosen
          ? `你选的特征图 ${chosen.map} 均值是 ${formatNumber(chosen.mean)}：${
              chosen.share > 0
                ? `它要找的东西只${chosen.where}，占 ${formatPercent(chosen.share)}`
                : '这里没有它要找的东西'
            }。比较一下这两张在另外几张照片上激活在什么上。`
          : ''
      }`,
    /** @param {number} mean */
    mean: (mean) => `此处均值 ${formatNumber(mean)}`,
    /** @param {number} answers @param {number} right */
    score: (answers, right) => `已回答 ${answers} 次，答对 ${right} 次。`,
    kept: '答案只保存在这个标签页里：刷新后还在，关闭标签页后就没有了，除非浏览器恢复关闭的标签页。别人使用之前，请先清除。',
    notKept: '这个浏览器不为本页保存任何东西：刷新后答案就没有了。请先下载。',
    name: '姓名或小组（只写进文件）',
    download: '下载答案',
    forget: '清除答案',
  },

  present: {
    /** @param {number} place @param {number} count */
    place: (place, count) => `第 ${place} 幅，共 ${count} 幅`,
    previous: '上一幅',
    next: '下一幅',
    end: '结束',
  },

  camera: {
    start: '打开摄像头',
    stop: '拍下这张并关闭',
    name: '摄像头',
    starting: '正在请求使用摄像头…',
    live: '实时画面。选择另一张照片或切换到别的标签页，摄像头就会关闭。',
    stopped: '摄像头已关闭。',
    taken: '摄像头已关闭。最后一张画面留在照片中。',
    hidden: '页面被隐藏，摄像头已关闭。',
    left: '选择了另一张照片，摄像头已关闭。',
    denied: '浏览器没有允许使用摄像头。请在地址栏中允许本页面使用，然后再打开一次。',
    noise:
      '为了防止你被识别，这个浏览器会改动网页从摄像头画面中取得的像素，网络看到的会是噪点。请在浏览器设置里允许这个页面读取画布。',
    missing: '没有浏览器可用的摄像头。',
  },
};
