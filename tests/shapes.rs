//! Shape inference against what onnx and onnxruntime say.

use std::collections::BTreeMap;

use featurescope::onnx::graph::{Attribute, Constant, Dimension, Graph, Input, Node};
use featurescope::onnx::read::read;
use featurescope::onnx::shapes::{Shapes, infer, settle_inputs};
use featurescope::onnx::weights::Bytes32;
use serde_json::Value;

fn graph(path: &str) -> Graph {
    let bytes = std::fs::read(path).unwrap();
    read(Bytes32::from(&bytes[..]), vec![]).unwrap().graph
}

/// The shapes we infer when the file's own statements are hidden.
fn inferred(graph: &Graph) -> Shapes {
    let hidden = Graph { stated_shapes: BTreeMap::new(), ..graph.clone() };
    infer(&hidden, &settle_inputs(graph, None).unwrap()).unwrap()
}

fn fixed(shape: &[Dimension]) -> Option<Vec<usize>> {
    shape.iter().map(|size| if let Dimension::Fixed(size) = size { Some(*size) } else { None }).collect()
}

#[test]
fn squeezenet_has_the_shapes_that_its_file_states() {
    let graph = graph("models/squeezenet1.1.onnx");
    let shapes = inferred(&graph);
    let mut compared = 0;
    for (name, stated) in &graph.stated_shapes {
        if let Some(stated) = fixed(stated) {
            assert_eq!(shapes[name], stated, "{name}");
            compared += 1;
        }
    }
    assert!(compared >= 66, "only {compared} values were compared");
}

#[test]
fn every_value_of_the_architectures_has_the_shape_that_onnxruntime_gives_it() {
    let text = std::fs::read_to_string("tests/architectures/shapes.json").unwrap();
    let models: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(&text).unwrap();
    assert_eq!(models.len(), 20);
    for (model, values) in models {
        let shapes = inferred(&graph(&format!("tests/architectures/{model}.onnx")));
        for (value, expected) in values {
            assert_eq!(shapes[&value], shape(&expected), "{model}: {value}");
        }
    }
}

#[test]
fn a_larger_picture_is_inferred_as_well() {
    let graph = graph("tests/architectures/shufflenet_v2.onnx");
    let inputs = BTreeMap::from([("input".to_owned(), vec![1, 3, 96, 160])]);
    let shapes = infer(&graph, &inputs).unwrap();
    assert_eq!(shapes["/Relu_145_output_0"], [1, 32, 6, 10]);
}

fn list<T>(value: &Value, item: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().unwrap().iter().map(item).collect()
}

fn shape(value: &Value) -> Vec<usize> {
    list(value, |size| usize::try_from(size.as_u64().unwrap()).unwrap())
}

fn attribute(value: &Value) -> Attribute {
    match value {
        Value::String(text) => Attribute::Text(text.clone()),
        Value::Number(number) => number.as_i64().map_or_else(|| Attribute::Float(float(value)), Attribute::Int),
        _ if list(value, Value::is_i64).into_iter().all(|is_integer| is_integer) => {
            Attribute::Ints(list(value, |number| number.as_i64().unwrap()))
        }
        _ => Attribute::Floats(list(value, float)),
    }
}

fn float(value: &Value) -> f32 {
    value.as_f64().unwrap() as f32
}

/// A graph of one node, as `tests/shapes/generate.py` describes it.
fn case(case: &Value) -> Graph {
    let (mut inputs, mut constants, mut names) = (Vec::new(), BTreeMap::new(), Vec::new());
    for (index, value) in case["inputs"].as_array().unwrap().iter().enumerate() {
        let name = if value.is_null() { String::new() } else { format!("i{index}") };
        names.push(name.clone());
        if value.is_array() {
            inputs.push(Input { name, shape: shape(value).into_iter().map(Dimension::Fixed).collect() });
        } else if value.is_object() {
            let shape = shape(&value["shape"]);
            let integer = |value: &Value| value.as_i64().or(value.as_bool().map(i64::from)).unwrap();
            constants.insert(
                name,
                match value.get("float") {
                    Some(floats) => Constant::floats(shape, list(floats, float)),
                    None => Constant::integers(shape, list(&value["int"], integer)),
                },
            );
        }
    }
    let outputs: Vec<String> = (0..case["outputs"].as_u64().unwrap()).map(|index| format!("o{index}")).collect();
    let attributes = case["attributes"].as_object().unwrap();
    let node = Node {
        inputs: names,
        outputs: outputs.clone(),
        attributes: attributes.iter().map(|(name, value)| (name.clone(), attribute(value))).collect(),
        ..Node::new(case["op"].as_str().unwrap(), &[], "node")
    };
    Graph {
        inputs,
        outputs,
        nodes: vec![node],
        constants,
        opsets: BTreeMap::from([(String::new(), case["opset"].as_i64().unwrap())]),
        stated_shapes: BTreeMap::new(),
    }
}

#[test]
fn single_nodes_have_the_shapes_that_onnxruntime_gives_them() {
    let text = std::fs::read_to_string("tests/shapes/cases.json").unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for description in &cases {
        let graph = case(description);
        let ours = infer(&graph, &BTreeMap::new());
        let expected = description["shapes"].as_array().map(|shapes| shapes.iter().map(shape).collect::<Vec<_>>());
        let agrees = match (&ours, &expected) {
            (Ok(shapes), Some(expected)) => {
                graph.outputs.iter().zip(expected).all(|(name, shape)| &shapes[name] == shape)
            }
            (Err(error), None) => error.to_string().contains("in node \"node\""),
            _ => false,
        };
        if !agrees {
            let ours = ours.map(|shapes| graph.outputs.iter().map(|name| shapes[name].clone()).collect::<Vec<_>>());
            wrong.push(format!("{description}\n   ours: {ours:?}"));
        }
    }
    assert!(cases.len() > 500, "only {} cases", cases.len());
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
