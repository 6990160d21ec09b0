/**
 * The photos in classes that lie beside the page (models/photos/classes.json), in their order: links name them by their place, and are read where
 * nothing can be asked for. So a list may only grow at its end.
 */
export const CLASS_PHOTOS = Object.fromEntries(
  Object.entries({
    fish:
      'fish1,fish2,fish3,fish4,fish5,fish6,fish7,fish8,fish9,fish10,fish11,fish12,fish13,fish14,fish15,' +
      'fish16,fish17,fish18,fish19,fish20,fish21,fish22,fish23,fish24,fish25,fish26,fish27,fish28',
    monuments:
      'arcDeTriomphe,bayterek,brandenburgGate,burj,cathedral,christTheRedeemer,colosseum,eiffelTower,' +
      'empireState,greatPyramid,greatWall,IndiaGate,jucheTower,kutubMinar,leaningTowerOfPisa,leMusee,' +
      'monument1,monument2,monument3,mountRushmore,operaHouse,parthenon,statueOfLiberty,tajMahal,usCapitol,' +
      'victoriaMemorial,zimniPalace',
    tools:
      'cuttingTool,hammer1,hammer2,hammer3,hammer4,hammer5,hammer6,hammer7,hammer8,hammer9,measuringTape1,' +
      'measuringTape2,measuringTape3,measuringTape4,measuringTape5,measuringTape6,multimeter1,multimeter2,' +
      'multimeter3,nailCutter,plier1,plier2,plier3,plier4,scissors1,scissors2,scissors3,scissors4,' +
      'screwDriver1,screwDriver2,screwDriver3,sickle,sideCutter1,spray,tweezer1,tweezer,wrench1,wrench',
  }).map(([name, files]) => [name, files.split(',').map((file) => `class.${name}.${file}.webp`)]),
);
