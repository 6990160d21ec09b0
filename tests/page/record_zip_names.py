#!/usr/bin/env python3
"""Writes tests/page/zip-names.json: names of folders in the encodings that programs pack them in, by Python's own codecs.

    python3 tests/page/record_zip_names.py
"""

import json
from pathlib import Path

WORDS = {
    "German": "Käse Öl Bär Löwe Kühe Vögel Äpfel Schlüssel Füße Mäuse Straße Möwe Übung grün Hähnchen",
    "French": "café chaîne bébé forêt crème château hélice éléphant brûlée garçon pêche tête Noël école fenêtre",
    "Spanish": "niño jabón león águila árbol pájaro montaña España camión limón araña océano avión ñandú música",
    "Swedish": "älg fågel blåbär Malmö höst ål kött björn Åre hjärta smörgås får änder öron tråd",
    "Portuguese": "pão maçã avião coração leão balões caminhão pássaro órgão chapéu água violão feijão irmã lã",
    "Russian": "кошка собака Птица чашка Дом яблоко машина лошадь Рыба цветок ложка медведь Ёж щенок зеркало",
    "Chinese": "猫咪 杯子 狗 汽车 飞机 苹果 花朵 大熊猫 金鱼 蝴蝶 香蕉 螃蟹 训练集 测试 老虎 眼镜",
    "Traditional": "貓咪 杯子 汽車 飛機 蘋果 花朵 熊貓 金魚 蝴蝶 香蕉 螃蟹 訓練 測試 老虎 眼鏡",
    "Japanese": "猫 コップ いぬ りんご 自動車 飛行機 カメラ ねこ 桜の花 金魚 テスト画像 熊 ナイフ 訓練 魚",
    "Korean": "고양이 강아지 사과 자동차 비행기 컵 꽃 나비 호랑이 바나나 물고기 훈련 시험 안경 곰",
}
ENCODINGS = {
    "German": ["cp437", "cp850", "cp1252"],
    "French": ["cp437", "cp850", "cp1252"],
    "Spanish": ["cp437", "cp850", "cp1252"],
    "Swedish": ["cp437", "cp850", "cp1252"],
    "Portuguese": ["cp850", "cp1252"],
    "Russian": ["cp866", "cp1251"],
    "Chinese": ["gbk"],
    "Traditional": ["big5"],
    "Japanese": ["cp932"],
    "Korean": ["cp949"],
}


def main():
    cases = []
    for name, words in WORDS.items():
        for encoding in ENCODINGS[name]:
            packed = [{"name": word, "bytes": word.encode(encoding).hex()} for word in words.split()]
            cases.append({"language": name, "encoding": encoding, "dos": encoding not in ("cp1252", "cp1251"), "words": packed})
    target = Path(__file__).parent / "zip-names.json"
    target.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
