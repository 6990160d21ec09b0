import { formatNumber, formatPercent } from '../api/numbers.js';
import { thing } from './story-pictures.js';

/** @param {number | null} part */
const percent = (part) => (part === null ? '—' : formatPercent(part));

/** @typedef {import('../story/text.js').Shares} Shares */

export const text = {
  /** @param {number} place @param {number} count */
  step: (place, count) => `故事，第 ${place} 步，共 ${count} 步`,
  back: '上一步',
  next: '下一步',
  finish: '关闭',
  close: '关闭故事',
  fold: '收起',
  unfold: '展开',
  working: '网络正在看…',
  riddleGallery: '谜题的图片，上面叠加了刀的特征图',
  /** @param {number | null} outside @param {number} area @param {number} knife */
  riddleNote: (outside, area, knife) =>
    `刀 ${formatPercent(knife)}；物体之外 ${percent(outside)}（面积 ${formatPercent(area)}）`,

  steps: {
    begin: {
      title: '一个找刀的网络',
      paragraphs: () => [
        '文章 “Decoding the Black Box of CNNs using Feature Map Visualizations” 向在行李 X 光图中寻找刀和枪的网络提出了五个问题。' +
          '它的图片和网络无法取得，所以这里用一套对应的材料：每张图片都由程序画出，三个小网络就在这样的图片上训练。这里的图显示的结果，不一定和文章发现的一样。',
        '图片分成六列：刀、枪和无害的物品，一半是照片（来源：在这些图上找特征图），一半是 X 光图（目标：在这些图上检验特征图）。',
      ],
    },
    look: {
      title: '它在看哪里？',
      /** @param {number} channels */
      paragraphs: (channels) => [
        `这是一张刀的照片。所示的层有 ${channels} 张特征图：它们是小小的图，显示网络在哪里找到了它认识的东西。第一个小块是激活最强的特征图。点一下小块可以看到它的数值。它激活在刀上，还是在刀的旁边？`,
      ],
    },
    muscles: {
      title: '哪个类别用哪些“肌肉”？',
      /** @param {import('../api/types.js').ClassMaps[]} classMaps */
      paragraphs: (classMaps) => [
        '现在网络看完了所有图片。每个类别保留在自己的照片中最常出现的特征图，去掉在其他类别中也属于最常出现的：' +
          `${classMaps.map(({ name, maps, removed }) => `${name} 保留 ${maps.length} 张（共 ${maps.length + removed.length} 张）`).join('，')}。` +
          '一个类别保留得越少，它的“肌肉”就越是大家共用的。',
      ],
    },
    draw: {
      title: '给我画一把刀',
      paragraphs: () => [
        '刀的前几张特征图从一张灰色的小图开始，画出最能让自己激活的样子。你看到的是一把刀、刀的一部分，还是别的、只是常在刀的照片里出现的东西？' +
          '在程序画的图上训练出来的小网络，口味很简单；SqueezeNet 中对应猫眼的特征图会画出眼睛。任何特征图都可以在它的卡片里画出来。',
      ],
    },
    everywhere: {
      title: '枪放进行李里，它还认得吗？',
      /** @param {(style: 'photo' | 'xray', name: string) => { total: number, as: (other: string) => number }} taken */
      paragraphs: (taken) => {
        const of = (/** @type {'photo' | 'xray'} */ style, /** @type {string} */ name) => {
          const found = taken(style, name);
          return `${found.as(name)}/${found.total}`;
        };
        const guns = taken('xray', 'gun');
        return [
          `这个网络只用刀和枪的照片训练过。照片中它认对了 ${of('photo', 'knife')} 的刀和 ${of('photo', 'gun')} 的枪；` +
            `X 光图中认对了 ${of('xray', 'knife')} 的刀和 ${of('xray', 'gun')} 的枪，还把 ${guns.as('knife')} 把枪说成了刀。` +
            '点一下表中的数字可以看到对应的图片；再选择“特征图属于”gun，看看枪的特征图是否照样激活。',
        ];
      },
    },
    unique: {
      title: '这些特征图是独有的吗？能不能抓住网络漏掉的？',
      /** @param {{ title: string, maps: number, areas: (number | null)[] }[]} compared */
      paragraphs: (compared) => [
        '三个网络并排比较：第一个网络；第二个还学过无害的物品，训练照片的颜色被随机改变；第三个是第二个在不知道 X 光图内容的情况下适应 X 光图之后的样子。' +
          '把刀的特征图之和当作 X 光图上的警报。面积为 1 是完美的警报，0.5 等于碰运气：',
        `${compared
          .map(
            ({ title, maps, areas: [knife, gun] }) =>
              `${title}：刀 ${knife === null ? '–' : formatNumber(knife)}（${maps} 张特征图），枪 ${gun === null ? '–' : formatNumber(gun)}`,
          )
          .join('；')}。`,
        '适应后的网络，各层已经是为 X 光图而生的，所以照片很难说明哪些特征图是某个类别独有的。',
        '拖动红线，再按“随机特征图”，看看什么都找不到的时候，同一张图是什么样子。',
      ],
    },
    riddle: {
      title: '谜题：它为什么把球说成刀？',
      /** @param {{ likeliest: { picture: import('../classes/story-pictures.js').Picture, outside: number | null, area: number, knife: number } | null, others: Shares, knives: Shares }} found */
      paragraphs: ({ likeliest, others, knives }) => [
        '画这些图片的程序知道物体在哪里，所以可以问：刀的特征图有多少激活落在物体之外？' +
          `没有刀的图上平均是 ${percent(others.outside)}（所有特征图是 ${percent(others.all)}），有刀的图上是 ${percent(knives.outside)}（所有特征图是 ${percent(knives.all)}）。`,
        `物体很小：没有刀的图上，物体之外占画面的 ${percent(others.area)}，有刀的图上占 ${percent(knives.area)}。一张处处相等的特征图也会有这个比例，所以只有明显更小，才说明特征图看的是物体。`,
        ...(likeliest
          ? [
              `在没有刀的图片中，它最有把握说成刀的一张（${formatPercent(likeliest.knife)}）：物体是 ${thing(likeliest.picture.object)}，` +
                `背景是 ${thing(likeliest.picture.behind)}。落在物体之外的激活占 ${percent(likeliest.outside)}，画面占 ${percent(likeliest.area)}。同一个物体在这里有几种背景，请比较一下。`,
            ]
          : []),
      ],
    },
    end: {
      title: '现在换成你自己的',
      paragraphs: () => [
        '这里的一切都可以用你自己的模型和图片来做：拖入一个 ONNX 文件，再拖入一个文件夹，其中每个类别一个子文件夹。任选一张特征图，问问它会画出什么，或者没有它会怎样。',
      ],
    },
  },
};
