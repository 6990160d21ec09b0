import { formatNumber, formatPercent } from '../api/numbers.js';
import { thing } from './story-pictures.js';

/** @param {number | null} part */
const percent = (part) => (part === null ? '—' : formatPercent(part));

/** @typedef {import('../story/text.js').Shares} Shares */
/** @typedef {import('../story/ground-look.js').Ground} Ground */
/** @typedef {import('../story/drawn.js').Right} Right */

/** The classes of the photos, as the page names them. @type {Record<string, string>} */
const NAMES = { fish: '鱼', monuments: '名胜建筑', tools: '工具' };
/** @param {string} name */
const named = (name) => NAMES[name] ?? name;

export const text = {
  /** @param {number} place @param {number} count */
  step: (place, count) => `故事，第 ${place} 步，共 ${count} 步`,
  back: '上一步',
  next: '下一步',
  finish: '关闭',
  close: '关闭故事',
  fold: '收起',
  unfold: '展开',
  again: '显示图',
  working: '网络正在看…',
  chaptersLabel: '章节',
  chapters: ['1. 真实照片', '2. 刀和枪'],
  riddleGallery: '谜题的图片，上面叠加了刀的特征图',
  /** @param {number | null} outside @param {number} area @param {number} knife */
  riddleNote: (outside, area, knife) =>
    `刀 ${formatPercent(knife)}；物体之外 ${percent(outside)}（面积 ${formatPercent(area)}）`,

  photos: {
    first: {
      photo: '一条鱼',
      title: '它在这里看到了什么？',
      /** @param {import('../story/photos.js').Answer | null} answer @param {{ channels: number, strongest: number }} maps */
      paragraphs: (answer, { channels, strongest }) => [
        `SqueezeNet 是一个小网络，认得 1000 种东西的名字。现在它在看这张照片。${
          answer
            ? `它说：${answer.label}，${formatPercent(answer.probability)}。${answer.right ? '说对了，这是一条鱼。' : '说错了，这不是鱼。'}`
            : ''
        }`,
        `在回答之前，${channels} 个小探测器（它的特征图）各自寻找自己认识的东西。大图显示的是这里激活最强的特征图 ${strongest}：哪里发亮，它就在哪里找到了要找的东西。把指针移到下面的小块上，可以看其他的特征图。`,
      ],
      /** @param {{ half: number, channels: number }} maps */
      conclusion: ({ half, channels }) =>
        `没有哪一张特征图就是“鱼”：${channels} 张中最强的 ${half} 张加起来，才占全部激活的一半。`,
    },
    classes: {
      title: '哪个类别用哪些特征图？',
      /** @param {import('../story/photos.js').KeptBy[]} classes */
      paragraphs: (classes) => [
        `现在它看了${classes.map(({ name, images }) => `${named(name)}的照片 ${images} 张`).join('、')}。每个类别保留在自己的照片中最常出现的特征图，去掉在其他类别中也最常出现的：` +
          `${classes.map(({ name, kept, of }) => `${named(name)}保留 ${kept} 张（共 ${of} 张）`).join('，')}。`,
        ...classes
          .slice(0, 1)
          .flatMap(({ name, images, first }) =>
            first
              ? [
                  `${named(name)}的第一张是特征图 ${first.map}：在 ${images} 张照片中，它有 ${first.count} 次属于最强的。`,
                ]
              : [],
          ),
      ],
      /** @param {import('../story/photos.js').Kept} found @param {import('../story/photos.js').Kept} chance */
      conclusion: (found, chance) =>
        found.kept > chance.kept
          ? `类别确实有自己的特征图：${found.of} 张中有 ${found.kept} 张。如果把照片随机分给各个名称，${chance.of} 张中只有 ${chance.kept} 张。`
          : `这些类别自己的特征图（${found.of} 张中 ${found.kept} 张）不比随机分配名称时（${chance.of} 张中 ${chance.kept} 张）多。`,
    },
    ground: {
      title: '看的是工具，还是工具下面的桌子？',
      gallery: '照片，上面叠加了所属类别的特征图',
      plain: {
        part: '平淡的一半',
        /** @param {number} share */
        share: (share) => `那里占 ${formatPercent(share)}`,
      },
      sky: {
        part: '上方平淡的部分',
        /** @param {number} share */
        share: (share) => `那里占 ${formatPercent(share)}`,
      },
      /** @param {Ground | null} tools @param {Ground | null} monuments */
      paragraphs: (tools, monuments) => [
        '没有人在这些照片上标出物体。不过工具大多放在单调的背景上，建筑大多在天空之前。所以我们取每张照片中明暗变化最小的一半，看特征图有多少激活落在那里。',
        ...(tools
          ? [
              `在 ${tools.photos.length} 张工具照片平淡的一半里，有工具特征图激活的 ${formatPercent(tools.share)}，有所有特征图激活的 ${formatPercent(tools.all)}。` +
                `一张处处相等的特征图会有 ${formatPercent(tools.area)}。随机抽取同样多的特征图，1000 次中有 ${tools.reached} 次达到这个比例。`,
            ]
          : []),
        ...(monuments
          ? [
              `对于名胜建筑，看上半部分中平淡的地方，那里大多是天空：建筑的特征图有 ${formatPercent(monuments.share)}，所有特征图有 ${formatPercent(monuments.all)}，` +
                `画面的 ${formatPercent(monuments.area)}；1000 次抽取中有 ${monuments.reached} 次。`,
            ]
          : []),
      ],
      /** @param {Ground} tools @param {Ground} monuments */
      conclusion: (tools, monuments) =>
        `${
          tools.unusual
            ? `工具的特征图比其他特征图更多地落在平淡的背景上（${formatPercent(tools.share)} 对 ${formatPercent(tools.all)}）：对这个网络来说，桌面可能是“工具”的一部分`
            : '工具的特征图落在平淡的背景上，并不比随机抽取的特征图多'
        }${tools.share < tools.area ? '，不过大部分激活在别处' : ''}。${
          monuments.unusual
            ? '天空对“名胜建筑”可能也是这样。'
            : `名胜建筑和天空之间不能这样说：随机抽取 1000 次，有 ${monuments.reached} 次也达到这个比例。`
        }`,
    },
    alarm: {
      title: '它的特征图能找到鱼吗？',
      /** @param {import('../story/photos.js').Alarm} alarm */
      paragraphs: ({ maps, area, caught, total, wrong, others, said, saidWrong }) => [
        `把鱼的 ${maps} 张特征图之和当作警报：在线以上的照片算作鱼。这条线在一半照片上选定，在另一半上计数：${total} 张鱼中有 ${caught} 张触发警报，其他 ${others} 张照片中也有 ${wrong} 张。`,
        `网络自己的答案说出了这 ${total} 张鱼中的 ${said} 张，并把其他 ${others} 张中的 ${saidWrong} 张说成鱼。曲线下面积为 ${formatNumber(area)}：1 是完美，0.5 等于碰运气。移动这条线，可以在漏报和误报之间取舍。`,
      ],
      /** @param {import('../story/photos.js').Alarm} alarm */
      conclusion: ({ caught, said, wrong, saidWrong }) =>
        `特征图抓到的鱼${caught > said ? '比网络自己的答案多' : caught < said ? '比网络自己的答案少' : '和网络自己的答案一样多'}：${caught} 对 ${said}；误报 ${wrong} 对 ${saidWrong}。`,
    },
  },

  steps: {
    begin: {
      title: '一个找刀的网络',
      paragraphs: () => [
        '文章 “Decoding the Black Box of CNNs using Feature Map Visualizations” 向在行李 X 光图中寻找刀和枪的网络提出了五个问题。' +
          '它的图片和网络无法取得，所以这里用一套对应的材料：每张图片都由程序画出，三个小网络就在这样的图片上训练。这里的图显示的结果，不一定和文章发现的一样。',
        '图片分成六列：刀、枪和无害的物品，一半是照片（来源：在这些图上找特征图），一半是 X 光图（目标：在这些图上检验特征图）。',
      ],
      conclusion: () => '每张图片上是什么、在哪里，都是已知的，所以这里的说法可以检验。',
    },
    look: {
      title: '它在看哪里？',
      /** @param {number} channels */
      paragraphs: (channels) => [
        `这是一张刀的照片。所示的层有 ${channels} 张特征图：它们是小小的图，显示网络在哪里找到了它认识的东西。第一个小块是激活最强的特征图。点一下小块可以看到它的数值。它激活在刀上，还是在刀的旁边？`,
      ],
      /** @param {number} on @param {number} area */
      conclusion: (on, area) =>
        `最强的特征图有 ${formatPercent(on)} 的激活落在刀上，刀占画面的 ${formatPercent(area)}：` +
        (on > area ? `是处处相等的特征图的 ${formatNumber(on / area)} 倍。` : '不比处处相等的特征图多。'),
    },
    muscles: {
      title: '哪个类别用哪些“肌肉”？',
      /** @param {import('../api/types.js').ClassMaps[]} classMaps */
      paragraphs: (classMaps) => [
        '现在网络看完了所有图片。每个类别保留在自己的照片中最常出现的特征图，去掉在其他类别中也属于最常出现的：' +
          `${classMaps.map(({ name, maps, removed }) => `${name} 保留 ${maps.length} 张（共 ${maps.length + removed.length} 张）`).join('，')}。` +
          '一个类别保留得越少，它的“肌肉”就越是大家共用的。',
      ],
      /** @param {import('../api/types.js').ClassMaps[]} classMaps */
      conclusion: (classMaps) => {
        const kept = classMaps.reduce((sum, { maps }) => sum + maps.length, 0);
        const shared = classMaps.reduce((sum, { removed }) => sum + removed.length, 0);
        return `各类别得出的 ${kept + shared} 张特征图中，${kept} 张是某个类别独有的，其余的为几个类别共用。`;
      },
    },
    draw: {
      title: '给我画一把刀',
      paragraphs: () => [
        '刀的前几张特征图从一张灰色的小图开始，画出最能让自己激活的样子。你看到的是一把刀、刀的一部分，还是别的、只是常在刀的照片里出现的东西？' +
          '在程序画的图上训练出来的小网络，口味很简单；SqueezeNet 中对应猫眼的特征图会画出眼睛。任何特征图都可以在它的卡片里画出来。',
      ],
      conclusion: () => '画出来的是特征图最喜欢的样子，不一定是它被用来认的东西。',
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
      /** @param {Right} photo @param {Right} xray */
      conclusion: (photo, xray) =>
        `照片上 ${photo.total} 次说对 ${photo.right} 次，X 光图上 ${xray.total} 次说对 ${xray.right} 次：` +
        (xray.right < photo.right ? '它学的是一个世界，被问的是另一个。' : '学到的东西可以用在这里。'),
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
      /** @param {{ title: string, areas: (number | null)[] }[]} compared */
      conclusion: (compared) => {
        const known = compared.flatMap(({ title, areas: [knife] }) => (knife === null ? [] : [{ title, knife }]));
        const [best] = known.sort((one, other) => other.knife - one.knife);
        if (!best) return null;
        return `其中对刀最好的警报来自“${best.title}”，面积 ${formatNumber(best.knife)}：${best.knife > 0.5 ? '比碰运气（0.5）好，但不完美（1）。' : '不比碰运气（0.5）好。'}`;
      },
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
      /** @param {{ others: Shares }} found */
      conclusion: ({ others: { outside, all, area } }) =>
        outside === null || all === null || area === null
          ? null
          : `没有刀时，刀的特征图有 ${percent(1 - outside)} 的激活落在物体上，物体占画面的 ${percent(1 - area)}；所有特征图是 ${percent(1 - all)}。` +
            (outside > all
              ? '它们比其他特征图更多地看物体的旁边：说出“刀”的，一部分是背景。'
              : '那里有什么，它们就看什么，不管是不是刀。'),
    },
    end: {
      title: '现在换成你自己的',
      paragraphs: () => [
        '这里的一切都可以用你自己的模型和图片来做：拖入一个 ONNX 文件，再拖入一个文件夹，其中每个类别一个子文件夹。任选一张特征图，问问它会画出什么，或者没有它会怎样。',
      ],
      conclusion: () => '看每张图，都要和“什么都找不到”时的样子对比。',
    },
  },
};
