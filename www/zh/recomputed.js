import { formatNumber, formatPercent } from '../api/numbers.js';

/** @param {number | null} value */
const numberOr = (value) => (value === null ? '无' : formatNumber(value));
/** @param {number | null} share */
const percentOr = (share) => (share === null ? '无' : formatPercent(share));
/** @param {number[]} maps */
const listed = (maps) => maps.map((map) => `#${map}`).join('、');

export const text = {
  titles: {
    classes: '每个类别的特征图',
    confusion: '网络对各类图片的回答',
    sums: '各类特征图的总和',
    alarm: '报警',
    cam: 'Grad-CAM 热图',
    ablation: '关掉的特征图',
    drawing: '一幅画',
  },
  agrees: '一致',
  differs: '不一致',
  /** @param {number} done @param {number} total */
  images: (done, total) => `正在看各类的图片：第 ${done} 张，共 ${total} 张……`,
  cam: '正在计算 Grad-CAM……',
  ablation: '正在关掉特征图……',
  noImages: '快照里没有各类的图片，所以无法重新找出它们的特征图。',
  /** @param {string} title @param {string} message */
  failed: (title, message) => `${title}：在这里无法计算。${message}`,
  /** @param {string[]} titles */
  leftClasses: (titles) => `没有重算：${titles.join('、')}。快照里没有各类的图片。`,
  /** @param {string[]} titles */
  leftPictures: (titles) => `没有重算：${titles.join('、')}。快照里只有它们的图片，没有制作它们的数值或设置。`,
  leftModels: '当时并排的其他模型和对照在这里不重算，因为快照只含一个模型。“在页面里继续”会计算本页附带的那些。',

  /** @param {number} count */
  more: (count) => `……还有 ${count} 处。`,
  /** @param {string} name */
  noClass: (name) => `类别“${name}”在这里没有特征图。`,
  /** @param {{ name: string, maps: number, gone: number[], added: number[], counted: { map: number, recorded: number, here: number }[] }} found */
  classDiffers: ({ name, maps, gone, added, counted }) =>
    `${name}，记录了 ${maps} 张：${[
      gone.length > 0 ? `这里没有找到 ${listed(gone)}` : '',
      added.length > 0 ? `只在这里找到 ${listed(added)}` : '',
      counted.length > 0
        ? `次数不同：${counted.map(({ map, recorded, here }) => `#${map} 记录 ${recorded}，这里 ${here}`).join('、')}`
        : '',
    ]
      .filter(Boolean)
      .join('；')}。`,
  /** @param {{ name: string, maps: number }[]} classes */
  classesSame: (classes) => `特征图和次数都相同：${classes.map(({ name, maps }) => `${name} ${maps} 张`).join('、')}。`,
  /** @param {string} truth @param {string | null} said @param {number} recorded @param {number} here */
  cellDiffers: (truth, said, recorded, here) => `${truth} 被认作${said ?? '别的'}：记录 ${recorded}，这里 ${here}。`,
  /** @param {number} images */
  confusionSame: (images) => `${images} 张图片的回答都相同。`,
  /** @param {{ name: string, count: number, images: number, most: { of: string, place: number, recorded: number | null, here: number | null } }} found */
  sumsDiffer: ({ name, count, images, most }) =>
    `${name} 的特征图：${images} 个总和中有 ${count} 个与记录的不同；差得最多的是 ${most.of} 的第 ${most.place} 张图片：记录 ${numberOr(most.recorded)}，这里 ${numberOr(most.here)}。`,
  /** @param {string[]} names @param {number} images @param {number} part */
  sumsSame: (names, images, part) =>
    `${names.join('、')} 的特征图总和在 ${images} 张图片上都一致，相差不超过最大值的 ${formatPercent(part)}。`,
  /** @param {'auc' | 'low' | 'high' | 'threshold' | 'p'} which @param {number | null} recorded @param {number | null} here */
  alarmDiffers: (which, recorded, here) =>
    `${{ auc: 'ROC 曲线下面积', low: '区间下端', high: '区间上端', threshold: '阈值', p: 'McNemar 检验的 p' }[which]}：记录 ${numberOr(recorded)}，这里 ${numberOr(here)}。`,
  /** @param {'byMaps' | 'byHead'} which @param {number[] | null} recorded @param {number[] | null} here */
  alarmsDiffer: (which, recorded, here) =>
    `${which === 'byMaps' ? '按特征图' : '按网络自己的回答'}找到、漏掉、误报、未报：记录 ${recorded?.join('、') ?? '无'}，这里 ${here?.join('、') ?? '无'}。`,
  /** @param {string} name */
  alarmSame: (name) => `${name} 的报警有相同的阈值、相同的计数和相同的 ROC 曲线下面积。`,
  /** @param {{ label: string, part: number, correlation: number, cells: number }} found */
  camSame: ({ label, part, cells }) =>
    `支持“${label}”的地方在全部 ${cells} 个格子里都一致，相差不超过最大值的 ${formatPercent(part)}。`,
  /** @param {{ label: string, part: number, correlation: number, cells: number }} found */
  camDiffers: ({ label, part, correlation }) =>
    `支持“${label}”的地方与记录的不同：有一格相差最大值的 ${formatPercent(part)}；两者的相关系数是 ${correlation.toFixed(3)}。`,
  /** @param {string} label */
  camOther: (label) => `支持“${label}”的地方是在另一种大小的层上记录的。`,
  /** @param {'before' | 'after' | 'random'} which @param {string} label @param {number | null} recorded @param {number | null} here */
  outputDiffers: (which, label, recorded, here) =>
    `${label}，${{ before: '全部特征图', after: '关掉这些', random: '关掉随机的几张' }[which]}：记录 ${percentOr(recorded)}，这里 ${percentOr(here)}。`,
  /** @param {number[]} maps @param {number} outputs @param {boolean} random */
  ablationSame: (maps, outputs, random) =>
    `关掉${maps.length === 1 ? `特征图 ${maps[0]}` : `这 ${maps.length} 张特征图`}，${outputs} 个类别的回答都一致${random ? '，关掉随机的几张时也一致' : ''}。`,
  draw: '重新画并比较',
  drawExplain:
    '画画需要一些时间，大的要几分钟。换一个引擎或显卡，最后的画就会不同，因为每一步都建立在上一步的舍入之上：这本身不是错误。',
  /** @param {{ name: string, measure: string, recorded: number, here: number, correlation: number | null, same: boolean }} found */
  drawing: ({ name, measure, recorded, here, correlation, same }) =>
    `${name}：最后的${measure}记录 ${formatNumber(recorded)}，这里 ${formatNumber(here)}。${
      correlation === null
        ? '记录的画大小不同，或者无法读取。'
        : same
          ? `画相同（相关系数 ${correlation.toFixed(3)}）。`
          : `两幅画的相关系数是 ${correlation.toFixed(3)}；1 表示完全相同。`
    }`,
  /** @param {string} name @param {string} progress */
  drawingProgress: (name, progress) => `${name}：${progress}`,
};
